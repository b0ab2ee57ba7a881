"""Real threads that take one step at a time, in an order that you choose, with a recording of what each one did.

Nothing here sleeps and hopes: while one actor takes its step, all others stand at a semaphore or at a lock.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Lock, Semaphore, Thread, current_thread
from typing import Self

from course.trace import Trace


class Stage:
    """A play: each actor is a thread that runs `act` from one `turn()` to the next when its name is called."""

    def __init__(self, title: str, act: Callable[..., None]) -> None:
        self.trace, self.act = Trace(title), act
        self.arrows = Trace(title)  # the same, as arrows between actors and locks: what `graph` steps through
        self.locks: dict[str, Lock] = {}
        self.owner: dict[str, str] = {}  # lock -> the actor that holds it
        self.waits: dict[str, str] = {}  # actor -> the lock that it waits for
        self._go: dict[str, Semaphore] = {}
        self._still, self._handed = Semaphore(0), Semaphore(0)
        self._begun: set[str] = set()
        self._ended: set[str] = set()
        self._over = False

    def play(self, order: Iterable[str], **actors: Iterable[object]) -> Self:
        """Start a thread for each actor, `act(stage, *its arguments)`, and let them take their steps in this order.

        What is left then runs to its end. Where all who are left wait for each other the play stops, and `waits` and
        `owner` say how.
        """
        self._go = {name: Semaphore(0) for name in actors}
        threads = [Thread(target=self._act, args=tuple(own), name=name, daemon=True) for name, own in actors.items()]
        for thread in threads:
            thread.start()
        for name in order:
            self._call(name)
        while left := [name for name in actors if name not in self._ended | set(self.waits)]:
            self._call(left[0])
        self._over = True
        for thread in threads:
            thread.join()
        return self

    def turn(self) -> None:
        """Called by an actor: wait until the director calls my name."""
        me = current_thread().name
        if me in self._begun:
            self._still.release()
        self._begun.add(me)
        self._go[me].acquire()

    def note(self, text: str, **state: object) -> None:
        """Called by an actor: record what I did, and the values after it."""
        self.trace.record(current_thread().name, text, **state)

    def circle(self) -> list[tuple[str, str, str]]:
        """Return who waits for which lock, and who holds it: arrows for `course.figures.graph`."""
        return [arrow for actor, lock in self.waits.items()
                for arrow in ((actor, lock, "waits for"), (lock, self.owner[lock], "held by"))]

    @contextmanager
    def holding(self, name: str) -> Iterator[None]:
        """Called by an actor: hold the lock of this name, a `threading.Lock`; where it is taken, wait for it."""
        me, lock = current_thread().name, self.locks.setdefault(name, Lock())
        if not lock.acquire(blocking=False):
            self._wait_for(name)
        self.owner[name] = me
        self.arrows.send(name, me, "held by", **{name: f"held by {me}"})
        self.trace.record(me, name, "enter", **{name: f"held by {me}"})
        try:
            yield
        finally:
            if not self._over:
                del self.owner[name]
                self.trace.record(me, name, "exit", **{name: "free"})
            lock.release()
            if not self._over and name in self.waits.values():
                self._handed.acquire()  # my step ends when the next one has it

    def _wait_for(self, name: str) -> None:
        me = current_thread().name
        self.waits[me] = name
        self.arrows.send(me, name, "waits for", **{me: f"waits for {name}"})
        self.trace.record(me, f"waits for {name}")
        self._still.release()
        while not self.locks[name].acquire(timeout=0.1):
            if self._over:
                raise SystemExit  # nobody can go on: leave, and keep what is recorded as it is
        if self._over:
            self.locks[name].release()
            raise SystemExit
        del self.waits[me]
        self._handed.release()
        self._go[me].acquire()

    def _act(self, *own: object) -> None:
        try:
            self.act(self, *own)
        finally:
            self._ended.add(current_thread().name)
            self._still.release()

    def _call(self, name: str) -> None:
        if name in self.waits:
            self.trace.record(name, "still waits")
        elif name not in self._ended:
            self._go[name].release()
            self._still.acquire()
