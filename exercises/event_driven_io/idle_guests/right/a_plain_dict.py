"""Who has been silent for too long, and how long may a loop sleep?"""

from collections.abc import Hashable
from itertools import takewhile


class IdleGuests:
    """The guests of a loop: a dict in the order of their last words, with the time at which each is due."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.due: dict[Hashable, float] = {}

    def touch(self, guest: Hashable, now: float) -> None:
        """Note that the guest has come, or has said something."""
        self.forget(guest)
        self.due[guest] = now + self.limit

    def forget(self, guest: Hashable) -> None:
        """Note that the guest has gone."""
        if guest in self.due:
            del self.due[guest]

    def expired(self, now: float) -> list[Hashable]:
        """Return, and forget, the guests who have been silent for the limit or longer, the longest silent first."""
        found = [guest for guest, _ in takewhile(lambda pair: pair[1] <= now, self.due.items())]
        for guest in found:
            self.forget(guest)
        return found

    def wait(self, now: float) -> float | None:
        """Return the seconds until the next guest is due; None when there is nobody."""
        due = next(iter(self.due.values()), None)
        return None if due is None else max(due - now, 0)
