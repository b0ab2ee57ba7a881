"""Who has been silent for too long, and how long may a loop sleep?"""

from __future__ import annotations

from collections.abc import Hashable


class Place:
    """A place in the ring: who, since when, and the neighbours."""

    __slots__ = ("after", "before", "guest", "since")

    def __init__(self, guest: Hashable = None, since: float = 0.0) -> None:
        self.guest, self.since = guest, since
        self.before = self.after = self


class IdleGuests:
    """The guests of a loop, in a ring: behind the mark stands who has been silent longest."""

    def __init__(self, limit: float) -> None:
        self.limit, self.mark = limit, Place()
        self.places: dict[Hashable, Place] = {}

    def touch(self, guest: Hashable, now: float) -> None:
        """Note that the guest has come, or has said something."""
        self.forget(guest)
        place = self.places[guest] = Place(guest, now)
        place.before, place.after = self.mark.before, self.mark
        place.before.after = place.after.before = place

    def forget(self, guest: Hashable) -> None:
        """Note that the guest has gone."""
        if place := self.places.pop(guest, None):
            place.before.after, place.after.before = place.after, place.before

    def expired(self, now: float) -> list[Hashable]:
        """Return, and forget, the guests who have been silent for the limit or longer, the longest silent first."""
        found = []
        while self.wait(now) == 0:
            found.append(self.mark.after.guest)
            self.forget(found[-1])
        return found

    def wait(self, now: float) -> float | None:
        """Return the seconds until the next guest is due; None when there is nobody."""
        if not self.places:
            return None
        return max(0, self.mark.after.since + self.limit - now)
