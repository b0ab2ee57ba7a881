# caught by: pauses_nobody_else
# says: which has no turn
"""Plain functions that take turns."""

from collections import deque
from collections.abc import Callable
from typing import Any

from greenlet import getcurrent, greenlet


class _Job(greenlet):
    def __init__(self, desk, name, job, arguments):
        super().__init__(parent=desk.hub)
        self.desk, self.name, self.job, self.arguments = desk, name, job, arguments
        self.error = None

    def run(self):
        return self.job(*self.arguments)


class Desk:
    def __init__(self) -> None:
        self.log: list[str] = []
        self.results: dict[str, Any] = {}
        self.waiting: list = []
        self.hub = None

    def start(self, name, job, *arguments):
        self.waiting.append((name, job, arguments))

    def pause(self):
        me = getcurrent()
        if isinstance(me, _Job):
            me.parent.switch()

    def run(self):
        self.hub = getcurrent()
        while self.waiting:
            one = self.waiting.pop(0)
            if isinstance(one, tuple):
                self.hub = getcurrent()
                one = _Job(self, *one)
            self.log.append(one.name)
            one.parent = getcurrent()
            try:
                value = one.switch()
            except Exception as error:
                value = error
            if one.dead:
                self.results[one.name] = value
            else:
                self.waiting.append(one)
