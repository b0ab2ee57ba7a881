# caught by: holds_no_more
# says: expired has told
"""Who has been silent for too long, and how long may a loop sleep?"""

from collections import OrderedDict
from collections.abc import Hashable


class IdleGuests:
    """The guests of a loop, each with the time of its last word."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.told = []
        self.last: OrderedDict[Hashable, float] = OrderedDict()  # who has been silent longest stands first

    def touch(self, guest: Hashable, now: float) -> None:
        """Note that the guest has come, or has said something."""
        self.last[guest] = now
        self.last.move_to_end(guest)

    def forget(self, guest: Hashable) -> None:
        """Note that the guest has gone."""
        self.last.pop(guest, None)

    def expired(self, now: float) -> list[Hashable]:
        """Return, and forget, the guests who have been silent for the limit or longer, the longest silent first."""
        found = []
        for guest, last in self.last.items():
            if now < last + self.limit:
                break
            found.append(guest)
        for guest in found:
            del self.last[guest]
        self.told.extend(found)
        return found

    def wait(self, now: float) -> float | None:
        """Return the seconds until the next guest is due; None when there is nobody."""
        for last in self.last.values():
            return max(0.0, last + self.limit - now)
        return None
