"""Future, Task and Loop of the lesson "Coroutines and the event loop", line by line: a test compares them."""

from collections import deque
from collections.abc import Coroutine, Generator
from heapq import heappop, heappush
from itertools import count


class Future:
    """A result that is not there yet, and the tasks that wait for it."""

    def __init__(self, loop: "Loop") -> None:
        self.loop, self.waiting, self.done, self.result = loop, [], False, None

    def set_result(self, result: object) -> None:
        """Keep the result, and make ready who waits for it."""
        self.done, self.result = True, result
        self.loop.ready.extend(self.waiting)

    def __await__(self) -> Generator["Future", None, object]:
        if not self.done:
            yield self  # up to the driver: continue me when it is there
        return self.result


class Task(Future):
    """A future that drives a coroutine to its return value."""

    def __init__(self, coroutine: Coroutine, loop: "Loop") -> None:
        super().__init__(loop)
        self.coroutine = coroutine
        loop.ready.append(self)  # its turn will come

    def step(self) -> None:
        """Run the coroutine up to its next stop."""
        try:
            future = self.coroutine.send(None)
        except StopIteration as end:
            self.set_result(end.value)
        else:
            future.waiting.append(self)


class Loop:
    """A queue of ready tasks, timers, and a clock that jumps from timer to timer."""

    def __init__(self) -> None:
        self.now, self.ready, self.timers, self.order = 0, deque(), [], count()

    def create_task(self, coroutine: Coroutine, name: str = "") -> Task:
        """Return a task that drives this coroutine; its first turn comes later."""
        return Task(coroutine, self)

    def sleep(self, ticks: int) -> Future:
        """Return a future whose result comes in so many ticks."""
        future, due = Future(self), self.now + ticks
        heappush(self.timers, (due, next(self.order), future))
        return future

    def run_until_complete(self, main: Task) -> None:
        """Give turns until this task is done."""
        while not main.done:
            if not self.ready:  # everybody waits: to the next timer
                self.now, _, future = heappop(self.timers)
                future.set_result(None)
            self.ready.popleft().step()
