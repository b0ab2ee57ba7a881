# A greenlet that knows its name and its desk.
"""Plain functions that take turns."""

from collections import deque
from collections.abc import Callable
from typing import Any

from greenlet import getcurrent, greenlet


class Job(greenlet):
    """A job of a desk."""

    def __init__(self, desk: "Desk", name: str, call: Callable[[], Any]) -> None:
        super().__init__()
        self.desk, self.name, self.call = desk, name, call

    def run(self) -> None:
        """Leave behind what the job returns, or raises."""
        try:
            self.desk.results[self.name] = self.call()
        except Exception as error:
            self.desk.results[self.name] = error


class Desk:
    """Gives turns to jobs, one after the other, until all have ended."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.results: dict[str, Any] = {}
        self.jobs: deque[Job] = deque()

    def start(self, name: str, job: Callable[..., Any], *arguments: Any) -> None:
        """Put a job at the end of the queue."""
        self.jobs.append(Job(self, name, lambda: job(*arguments)))

    def pause(self) -> None:
        """Let the others have their turns; called by a job, however deep."""
        current = getcurrent()
        if isinstance(current, Job) and current.desk is self:
            current.parent.switch()

    def run(self) -> None:
        """Give turns until no job is left."""
        while self.jobs:
            job = self.jobs.popleft()
            job.parent = getcurrent()
            self.log.append(job.name)
            job.switch()
            if not job.dead:
                self.jobs.append(job)
