# A new tuple is put in place of the old one, which nobody changes: to look at one takes no lock.
"""How often each title was asked for, of the titles that were asked for last; shared by many threads."""

import threading


class RecentTitles:
    """Counts requests for titles, and remembers the `room` titles that were asked for last."""

    def __init__(self, room: int, lock: threading.Lock) -> None:
        self._room = room
        self._lock = lock
        self._pairs: tuple[tuple[str, int], ...] = ()  # who was asked for last stands last

    def count(self, title: str) -> int:
        """Count one request for the title, and return how many there have been since it came in."""
        with self._lock:
            numbers = dict(self._pairs)
            number = numbers.pop(title, 0) + 1
            numbers[title] = number
            self._pairs = tuple(numbers.items())[-self._room:]
            return number

    def contents(self) -> list[tuple[str, int]]:
        """Return the titles with their numbers as they are at one moment, who was asked for last at the end."""
        return list(self._pairs)
