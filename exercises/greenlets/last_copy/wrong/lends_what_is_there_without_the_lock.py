# caught by: lends_what_is_there
# says: copies that are left
"""Greenlets that take turns, a lock for them, and a desk that needs it."""

from collections import deque
from collections.abc import Callable
from types import TracebackType

from greenlet import getcurrent, greenlet


class Turns:
    """Greenlets take turns in one thread. This class stays as it is."""

    def __init__(self) -> None:
        self.hub = getcurrent()
        self.ready: deque[greenlet] = deque()

    def spawn(self, function: Callable[..., object], *args: object) -> greenlet:
        """Queue a greenlet that will call the function."""
        one = greenlet(lambda: function(*args), self.hub)
        self.ready.append(one)
        return one

    def run(self) -> None:
        """Give turns until nobody is ready. An exception that leaves a greenlet comes out here."""
        while self.ready:
            self.ready.popleft().switch()

    def pause(self) -> None:
        """Let the others go first."""
        self.ready.append(getcurrent())
        self.hub.switch()

    def park(self) -> None:
        """Stand still until somebody calls `wake`."""
        self.hub.switch()

    def wake(self, one: greenlet) -> None:
        """Let a greenlet go on that has parked."""
        self.ready.append(one)


class Lock:
    """One greenlet at a time is in its block."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.holder: greenlet | None = None
        self.waiting: deque[greenlet] = deque()

    def __enter__(self) -> None:
        me = getcurrent()
        if self.holder is me:
            raise RuntimeError("this greenlet holds the lock already")
        if self.holder is None:
            self.holder = me
            return
        self.waiting.append(me)
        try:
            while self.holder is not me:  # an earlier wake, for a lock that was given up, may come first
                self.turns.park()
        except BaseException:
            if self.holder is me:  # it had been handed over already
                self.__exit__(None, None, None)
            else:
                self.waiting.remove(me)
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.holder = self.waiting.popleft() if self.waiting else None
        if self.holder is not None:
            self.turns.wake(self.holder)


class Desk:
    """Lends copies; `audit` tells a log, which may take its time or refuse by an exception."""

    def __init__(self, turns: Turns, copies: dict[str, int], audit: Callable[[str], None]) -> None:
        self.copies, self.audit = copies, audit
        self.locks = {title: Lock(turns) for title in copies}

    def lend(self, title: str) -> bool:
        """Lend a copy; tell whether there was one."""
        if self.copies[title] == 0:
            return False
        self.audit(f"{title} is asked for")
        self.copies[title] -= 1
        return True
