# caught by: keeps_results
# says: KeyboardInterrupt
"""Plain functions that take turns."""

from collections import deque
from collections.abc import Callable
from typing import Any

from greenlet import getcurrent, greenlet


class Desk:
    """Gives turns to jobs, one after the other, until all have ended."""

    def __init__(self) -> None:
        self.log: list[str] = []  # who had each turn
        self.results: dict[str, Any] = {}  # what a job returned, or the exception that it raised
        self._queue: deque[tuple[str, greenlet, tuple[Any, ...]]] = deque()
        self._turn_of: greenlet | None = None

    def start(self, name: str, job: Callable[..., Any], *arguments: Any) -> None:
        """Put a job at the end of the queue."""
        self._queue.append((name, greenlet(job), arguments))

    def pause(self) -> None:
        """Let the others have their turns; called by a job, however deep."""
        current = getcurrent()
        if current is self._turn_of:
            current.parent.switch()

    def run(self) -> None:
        """Give turns until no job is left."""
        here = getcurrent()
        while self._queue:
            name, one, arguments = self._queue.popleft()
            one.parent = here  # it was made by whoever called `start`, and would end there
            self.log.append(name)
            self._turn_of = one
            try:
                value = one.switch(*arguments)
            except BaseException as error:
                value = error
            finally:
                self._turn_of = None
            if one.dead:
                self.results[name] = value
            else:
                self._queue.append((name, one, ()))  # the arguments were for the first time
