# caught by: shows_one_moment
# says: gives the lock back
"""How often each title was asked for, of the titles that were asked for last; shared by many threads."""

import threading
from collections import OrderedDict


class RecentTitles:
    """Counts requests for titles, and remembers the `room` titles that were asked for last."""

    def __init__(self, room: int, lock: threading.Lock) -> None:
        self._room = room
        self._lock = lock
        self._numbers: OrderedDict[str, int] = OrderedDict()  # who was asked for last stands last

    def count(self, title: str) -> int:
        """Count one request for the title, and return how many there have been since it came in."""
        with self._lock:
            number = self._numbers.get(title, 0) + 1
            self._numbers[title] = number
            self._numbers.move_to_end(title)
            if len(self._numbers) > self._room:
                self._numbers.popitem(last=False)
            return number

    def contents(self) -> list[tuple[str, int]]:
        """Return the titles with their numbers as they are at one moment, who was asked for last at the end."""
        with self._lock:
            items = self._numbers.items()
        return list(items)
