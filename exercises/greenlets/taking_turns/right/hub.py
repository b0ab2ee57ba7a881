# The greenlets are made in `run`, and each puts its own result down; `pause` queues.
"""Plain functions that take turns."""

from collections import deque
from collections.abc import Callable
from typing import Any

from greenlet import getcurrent, greenlet


class Desk:
    """Gives turns to jobs, one after the other, until all have ended."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.results: dict[str, Any] = {}
        self.waiting: deque[tuple[str, Any]] = deque()
        self.name = ""
        self.job = self.hub = None

    def start(self, name: str, job: Callable[..., Any], *arguments: Any) -> None:
        """Put a job at the end of the queue."""
        def whole() -> None:
            try:
                self.results[name] = job(*arguments)
            except Exception as error:
                self.results[name] = error

        self.waiting.append((name, whole))

    def pause(self) -> None:
        """Let the others have their turns; called by a job, however deep."""
        if getcurrent() is self.job:
            self.waiting.append((self.name, self.job))
            self.hub.switch()

    def run(self) -> None:
        """Give turns until no job is left."""
        self.hub = getcurrent()
        while self.waiting:
            self.name, first = self.waiting.popleft()
            self.job = first if isinstance(first, greenlet) else greenlet(first)
            self.log.append(self.name)
            self.job.switch()
        self.job = None
