"""Who has been silent for too long, and how long may a loop sleep?"""

import heapq
import itertools
from collections.abc import Hashable


class IdleGuests:
    """The guests of a loop: a heap with an entry for each word, of which only the guest's last one counts."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.heap: list[tuple[float, int, Hashable]] = []
        self.current: dict[Hashable, int] = {}  # the number of the entry that counts
        self.numbers = itertools.count()

    def touch(self, guest: Hashable, now: float) -> None:
        """Note that the guest has come, or has said something."""
        number = next(self.numbers)
        self.current[guest] = number
        heapq.heappush(self.heap, (now + self.limit, number, guest))
        self.sweep()

    def forget(self, guest: Hashable) -> None:
        """Note that the guest has gone."""
        self.current.pop(guest, None)
        self.sweep()

    def sweep(self) -> None:
        """Throw away what does not count, when it is more than half."""
        if len(self.heap) > 2 * len(self.current) + 100:
            self.heap = [entry for entry in self.heap if self.current.get(entry[2]) == entry[1]]
            heapq.heapify(self.heap)

    def expired(self, now: float) -> list[Hashable]:
        """Return, and forget, the guests who have been silent for the limit or longer, the longest silent first."""
        found = []
        while self.heap and self.heap[0][0] <= now:
            _, number, guest = heapq.heappop(self.heap)
            if self.current.get(guest) == number:
                del self.current[guest]
                found.append(guest)
        return found

    def wait(self, now: float) -> float | None:
        """Return the seconds until the next guest is due; None when there is nobody."""
        while self.heap and self.current.get(self.heap[0][2]) != self.heap[0][1]:
            heapq.heappop(self.heap)
        return max(0.0, self.heap[0][0] - now) if self.heap else None
