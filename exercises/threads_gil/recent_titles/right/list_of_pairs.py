# Pairs in a list; the lock is held in two helpers' callers, and the title's text is made before it is taken.
"""How often each title was asked for, of the titles that were asked for last; shared by many threads."""

import threading


class RecentTitles:
    """Counts requests for titles, and remembers the `room` titles that were asked for last."""

    def __init__(self, room: int, lock: threading.Lock) -> None:
        self._room = room
        self._lock = lock
        self._pairs: list[tuple[str, int]] = []  # who was asked for last stands last

    def count(self, title: str) -> int:
        """Count one request for the title, and return how many there have been since it came in."""
        hash(title)  # a list is refused before anything is touched
        with self._lock:
            number = 1 + self._take_out(title)
            self._pairs.append((title, number))
            del self._pairs[:-self._room]
        return number

    def _take_out(self, title: str) -> int:
        """Take a title out and return its number; call it with the lock held."""
        for place, (known, number) in enumerate(self._pairs):
            if known == title:
                del self._pairs[place]
                return number
        return 0

    def contents(self) -> list[tuple[str, int]]:
        """Return the titles with their numbers as they are at one moment, who was asked for last at the end."""
        with self._lock:
            return self._pairs.copy()
