# caught by: cancelled_timers_are_passed_over
# says: those for 1 and 2 were cancelled
"""The loop of the lesson, grown: its queue holds callbacks, and a timer can call anything."""

from collections import deque
from collections.abc import Callable, Coroutine, Generator
from heapq import heappop, heappush
from itertools import count
from typing import Any


class Future:
    """A result that is not there yet, and the tasks that wait for it."""

    def __init__(self, loop: "Loop") -> None:
        self.loop, self.done, self.result = loop, False, None
        self.waiting: list[Task] = []

    def set_result(self, result: Any) -> None:
        """Give the result; everybody who waits for it gets a turn."""
        self.done, self.result = True, result
        for task in self.waiting:
            self.loop.call_soon(task.step)

    def __await__(self) -> Generator["Future", None, Any]:
        if not self.done:
            yield self
        return self.result


class Task(Future):
    """A future that drives a coroutine to its return value."""

    def __init__(self, coroutine: Coroutine, loop: "Loop") -> None:
        super().__init__(loop)
        self.coroutine = coroutine
        loop.call_soon(self.step)

    def step(self) -> None:
        """Run the coroutine to its next stop."""
        try:
            future = self.coroutine.send(None)
        except StopIteration as end:
            self.set_result(end.value)
        else:
            future.waiting.append(self)


class Timer:
    """A callback that waits for its tick; set `cancelled`, and it never runs."""

    def __init__(self, callback: Callable, args: tuple) -> None:
        self.callback, self.args, self.cancelled = callback, args, False


class Loop:
    """A queue of callbacks that are ready, a heap of timers, and a clock that jumps."""

    def __init__(self) -> None:
        self.now, self.order = 0, count()
        self.ready: deque = deque()
        self.timers: list = []

    def create_task(self, coroutine: Coroutine) -> Task:
        """Make a task; its first turn will come."""
        return Task(coroutine, self)

    def call_soon(self, callback: Callable, *args: Any) -> None:
        """Put `callback(*args)` at the end of the queue."""
        self.ready.append((callback, args))

    def call_later(self, ticks: int, callback: Callable, *args: Any) -> Timer:
        """Call `callback(*args)` in so many ticks from now."""
        timer = Timer(callback, args)
        # Two timers cannot be compared. The counter decides between equal ticks, before the heap would try.
        heappush(self.timers, (self.now + ticks, next(self.order), timer))
        return timer

    def sleep(self, ticks: int) -> Future:
        """Return a future that is done in so many ticks."""
        future = Future(self)
        self.call_later(ticks, future.set_result, None)
        return future

    def run_until_complete(self, main: Task) -> None:
        """Give turns until `main` is done."""
        while not main.done:
            if not self.ready and not self.timers:
                raise RuntimeError("everybody waits")
            if self.ready:
                callback, args = self.ready.popleft()
                callback(*args)
                continue
            if self.timers[0][2].cancelled:
                heappop(self.timers)
            if self.timers:
                self.now, _, timer = heappop(self.timers)
                self.call_soon(timer.callback, *timer.args)
