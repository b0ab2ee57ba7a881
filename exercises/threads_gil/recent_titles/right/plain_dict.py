# A plain dict, which keeps the order of coming in; acquire and release with finally.
"""How often each title was asked for, of the titles that were asked for last; shared by many threads."""

import threading


class RecentTitles:
    """Counts requests for titles, and remembers the `room` titles that were asked for last."""

    def __init__(self, room: int, lock: threading.Lock) -> None:
        self._room = room
        self._lock = lock
        self._numbers: dict[str, int] = {}  # who was asked for last stands last

    def count(self, title: str) -> int:
        """Count one request for the title, and return how many there have been since it came in."""
        self._lock.acquire()
        try:
            number = self._numbers.pop(title, 0) + 1
            self._numbers[title] = number
            if len(self._numbers) > self._room:
                del self._numbers[next(iter(self._numbers))]
        finally:
            self._lock.release()
        return number

    def contents(self) -> list[tuple[str, int]]:
        """Return the titles with their numbers as they are at one moment, who was asked for last at the end."""
        with self._lock:
            return list(self._numbers.items())
