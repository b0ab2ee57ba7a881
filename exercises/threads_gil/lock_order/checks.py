"""Branches whose locks know who holds them and who waits: threads are led to the dangerous point, and freed there."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from course.check import Answer, Failure, check, expect, require

PATIENCE = 2.0  # seconds until a thread counts as stuck; nobody who is right waits that long
MOST = 6  # times that threads may give up while they wait for a lock
STEPS = 30  # of a call of move, at the most: locks taken and given back, copies changed
TOGETHER = 1.0  # seconds that a thread waits for the others to have a lock too; those who can are there at once


class Watch:
    """Knows of all threads and locks of one check: who has which locks, who waits for which, who stands where."""

    def __init__(self) -> None:
        self.news = threading.Condition()
        self.names: dict[threading.Thread, str] = {}  # of our threads
        self.held: dict[threading.Thread, list[WatchedLock]] = {}
        self.waits: dict[threading.Thread, WatchedLock] = {}
        self.ended: set[threading.Thread] = set()
        self.freed = False
        self.meet = 0  # so many threads shall hold a lock before anyone of them goes on
        self.callers = 0  # threads that are led to each other
        self.given_up = 0  # how often one of them did not get a lock and went on without
        self.story = ""
        self.stop_at = 0  # the step of thread 1 at which it is stopped, until `go_on` is set
        self.where, self.only = "", ""  # where it stands, and with which words a step begins that counts
        self.stopped, self.go_on = threading.Event(), threading.Event()

    def step(self, where: str) -> None:
        """Count the steps of thread 1, and stop it at the one that was chosen."""
        if (self.stop_at and where.startswith(self.only)
                and self.names.get(threading.current_thread()) == "thread 1"):
            self.stop_at -= 1
            if not self.stop_at:
                self.where = where
                self.stopped.set()
                self.go_on.wait(5 * PATIENCE)

    def arrived(self, me: threading.Thread) -> bool:
        """Whether a thread is past its first lock, waits for one, or has ended."""
        return bool(self.held.get(me)) or me in self.waits or me in self.ended

    def all_arrived(self) -> bool:
        """Whether the threads need not wait for each other, or no longer."""
        return not self.meet or (len(self.names) >= self.meet and all(map(self.arrived, self.names)))

    def without(self) -> bool:
        """Note that a thread did not get a lock in time; they may meet again. It cannot go on like this for ever."""
        self.given_up += 1
        self.meet = self.callers
        if self.given_up > MOST:
            self.freed = True
            self.news.notify_all()
            raise Failure(f"{self.story}: each gives up, gives back what it holds, and begins again, at the same time "
                          f"as the other, {MOST} times by now. They may go on like this for ever: that is a livelock. "
                          "What is missing is an order.", hint=2)
        return False

    def circle(self, me: threading.Thread) -> list[threading.Thread]:
        """Return the threads of a circle of waiting that `me` is in, or nothing."""
        found = [me]
        while (lock := self.waits.get(found[-1])) and lock.holder:
            if lock.holder in found:
                return found[found.index(lock.holder):]
            found.append(lock.holder)
        return []

    def told(self, threads: list[threading.Thread]) -> str:
        """Say who holds what and waits for what."""
        return "; ".join(f"{self.names.get(one, 'the thread')} holds "
                         f"{' and '.join(lock.name for lock in self.held[one])} and waits for {self.waits[one].name}"
                         for one in sorted(threads, key=lambda one: self.names.get(one, "")))


class WatchedLock:
    """A lock of a branch. `with` it, or acquire and release it; nobody waits for ever."""

    def __init__(self, name: str, watch: Watch) -> None:
        self.name = name
        self.holder: threading.Thread | None = None
        self._watch = watch

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take the lock, as `threading.Lock` does. A deadlock is told as soon as it is there."""
        me, watch = threading.current_thread(), self._watch
        watch.step(f"before it takes the lock of {self.name}")
        with watch.news:
            if self.holder and not blocking:
                return watch.without()
            if self.holder:
                watch.waits[me] = self
                watch.news.notify_all()
                if timeout < 0 and (circle := watch.circle(me)):
                    watch.freed = True
                    told = watch.told(circle)
                    del watch.waits[me]
                    watch.news.notify_all()
                    raise Failure(f"{watch.story}: {told}. That is a deadlock.", hint=1 if len(circle) > 1 else 3)
                waited = PATIENCE if timeout < 0 else min(timeout, PATIENCE)
                watch.news.wait_for(lambda: not self.holder or watch.freed, waited)
                watch.waits.pop(me, None)
                if watch.freed:
                    raise Failure(f"{watch.story}: they stand still.", hint=1)
                if self.holder:
                    if timeout >= 0:
                        return watch.without()
                    raise Failure(f"{watch.story}: the lock of {self.name} is not given back.", hint=3)
            self.holder = me
            watch.held.setdefault(me, []).append(self)
            watch.news.notify_all()
            if watch.meet and len(watch.held[me]) == 1 and me in watch.names:
                watch.news.wait_for(watch.all_arrived, TOGETHER)
                watch.meet = 0  # once is enough
                watch.news.notify_all()
        return True

    def release(self) -> None:
        """Give the lock back."""
        with self._watch.news:
            if not self.holder:
                raise Failure(f"{self._watch.story}: the lock of {self.name} is given back, and nobody holds it.")
            self._watch.held[self.holder].remove(self)
            self.holder = None
            self._watch.news.notify_all()
        self._watch.step(f"after it has given back the lock of {self.name}")

    def locked(self) -> bool:
        """Tell whether somebody holds the lock."""
        return bool(self.holder)

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.release()


class Caller:
    """A thread that makes one call. `result` is what it gave, or the exception."""

    def __init__(self, watch: Watch, name: str, call: Callable[[], Any]) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self.thread = threading.Thread(target=self._run, args=[watch, name, call], daemon=True)
        self.thread.start()

    def _run(self, watch: Watch, name: str, call: Callable[[], Any]) -> None:
        me = threading.current_thread()
        with watch.news:
            watch.names[me] = name
        try:
            self.result = call()
        except BaseException as error:
            self.error = error
        finally:
            with watch.news:
                watch.ended.add(me)
                watch.news.notify_all()


def joined(*callers: Caller) -> bool:
    """Wait until all have ended, and tell whether they have."""
    deadline = time.monotonic() + 2 * PATIENCE
    for caller in callers:
        caller.thread.join(max(0.0, deadline - time.monotonic()))
    return not any(caller.thread.is_alive() for caller in callers)


def built(answer: Answer, *branches: tuple[str, int]) -> tuple[Watch, list[Any]]:
    """Make branches numbered from 1, with a name and copies each, whose locks are watched."""
    watch = Watch()
    made = []
    for number, (name, copies) in enumerate(branches, 1):
        branch = answer.Branch(number, name, copies)
        branch.lock = WatchedLock(f"{name} (number {number})", watch)
        made.append(branch)
    return watch, made


@contextmanager
def telling(watch: Watch, story: str) -> Iterator[None]:
    """Say `story` in what goes wrong inside, and require that no lock is held at the end."""
    watch.story = story
    yield
    held = [lock.name for locks in watch.held.values() for lock in locks]
    expect(held, [], f"{story}; the locks that are held afterwards", hint=3)


def at_once(watch: Watch, *calls: tuple[str, Callable[[], Any]]) -> list[Any]:
    """Make the calls at the same time, each thread stopped when it holds one lock until all do, and give what came."""
    watch.meet = watch.callers = len(calls)
    watch.story = "At the same time " + " and ".join(f"thread {n} calls {name}" for n, (name, _) in enumerate(calls, 1))
    callers = [Caller(watch, f"thread {n}", call) for n, (_, call) in enumerate(calls, 1)]
    ended = joined(*callers)
    for caller in callers:
        if isinstance(caller.error, Failure) and "stand still" not in caller.error.message:
            raise caller.error  # it says how; the others were freed by it
    require(ended, f"{watch.story}: they do not end.", hint=1)
    for caller in callers:
        if caller.error is not None:
            raise caller.error
    return [caller.result for caller in callers]


@check("alone, each call does what it promises")
def works_alone(answer: Answer) -> None:
    """One thread, different branches."""
    watch, (harbour, castle, mill) = built(answer, ("Harbour", 5), ("Castle", 1), ("Mill", 0))
    with telling(watch, "move(harbour, castle, 2)"):
        answer.move(harbour, castle, 2)
    expect([harbour.copies, castle.copies, mill.copies], [3, 3, 0], "Harbour had 5 copies and Castle 1; the copies of "
           "Harbour, Castle and Mill after move(harbour, castle, 2)")
    with telling(watch, "stocktake([castle, harbour, mill])"):
        expect(answer.stocktake([castle, harbour, mill]), 6, "stocktake([castle, harbour, mill])")
        expect(answer.stocktake([]), 0, "stocktake([])")
    with telling(watch, "move(castle, mill, 4), with 3 copies in Castle"):
        raised = "nothing"
        try:
            answer.move(castle, mill, 4)
        except Failure:
            raise
        except Exception as error:
            raised = type(error).__name__
        expect(raised, "ValueError", "Castle has 3 copies; what move(castle, mill, 4) raises")
    expect([harbour.copies, castle.copies, mill.copies], [3, 3, 0], "The copies of Harbour, Castle and Mill after "
           "move(castle, mill, 4) was refused")


def noting_branch(answer: Answer, watch: Watch, number: int, name: str, copies: int) -> Any:
    """Make a branch of which each look at the copies, and each change, is a step, too."""
    class Noting(answer.Branch):  # type: ignore[name-defined,misc]
        def __getattribute__(self, key: str) -> Any:
            if key == "copies":
                watch.step(f"before it reads the copies of {name}")
            return object.__getattribute__(self, key)

        def __setattr__(self, key: str, value: Any) -> None:
            object.__setattr__(self, key, value)
            if key == "copies":
                watch.step(f"after it has set the copies of {name} to {value}")

    branch = Noting(number, name, copies)
    branch.lock = WatchedLock(f"{name} (number {number})", watch)
    return branch


Named = tuple[str, Callable[[Any, Any], Any]]  # a call with Harbour and Castle, and how it is written


@dataclass
class Meeting:
    """What came of a call that was stopped, and of another one meanwhile."""

    story: str
    branches: list[Any]
    results: list[Any]  # of the call that was stopped, and of the other one; the error, if it may be refused
    free: bool  # the other one ended, or waited for one of our locks


def meeting(answer: Answer, stop_at: int, only: str, first: Named, second: Named, *,
            refusable: bool = False) -> Meeting | None:
    """Stop the first call at a step, and make another one meanwhile; None when there is no such step."""
    watch = Watch()
    watch.stop_at, watch.only = stop_at, only
    branches = [noting_branch(answer, watch, number, name, 5) for number, name in ((1, "Harbour"), (2, "Castle"))]
    watch.story = f"Thread 1 calls {first[0]}"
    one = Caller(watch, "thread 1", lambda: first[1](*branches))
    until = time.monotonic() + PATIENCE
    while not (watch.stopped.wait(0.001) or watch.ended or time.monotonic() > until):
        pass
    if not watch.stopped.is_set():
        require(joined(one), f"{watch.story}: it does not end.", hint=3)
        if one.error is not None:
            raise one.error
        return None
    watch.story += f" and is stopped {watch.where}; thread 2 calls {second[0]}"
    other = Caller(watch, "thread 2", lambda: second[1](*branches))
    with watch.news:
        free = watch.news.wait_for(lambda: bool(watch.ended or watch.waits), TOGETHER)
    watch.go_on.set()
    require(joined(one, other), f"{watch.story}: they do not end.", hint=3)
    for caller in (one, other):
        if refusable and isinstance(caller.error, ValueError):
            caller.result = caller.error
        elif caller.error is not None:
            raise caller.error
    return Meeting(watch.story, branches, [one.result, other.result], free)


def moving(answer: Answer, copies: int) -> Named:
    """The call of `move` from Harbour to Castle."""
    return f"move(harbour, castle, {copies})", lambda *both: answer.move(*both, copies)


def counting(answer: Answer) -> Named:
    """The call of `stocktake` for both branches."""
    return "stocktake([harbour, castle])", lambda *both: answer.stocktake([*both])


@check("moves between different branches go on at the same time", needs=works_alone, timeout=20)
def lets_others_through(answer: Answer) -> None:
    """A move is stopped when it has changed the first branch, and another one must end meanwhile."""
    mill, bridge = answer.Branch(3, "Mill", 5), answer.Branch(4, "Bridge", 5)
    met = meeting(answer, 1, "after it has set", moving(answer, 2),
                  ("move(mill, bridge, 1)", lambda *_: answer.move(mill, bridge, 1)))
    if met is None:
        raise Failure("move(harbour, castle, 2) does not set `copies` of these branches.")
    require(met.free, f"{met.story}: it has to wait for the first one, with which it shares no branch.", hint=2)
    expect([mill.copies, bridge.copies], [4, 6], f"{met.story}; the copies of Mill and Bridge, 5 each before")


@check("two moves that meet both end", needs=lets_others_through, points=2, timeout=20)
def moves_meet(answer: Answer) -> None:
    """Against each other, in a circle of three, and between branches that differ in nothing but their number."""
    watch, (harbour, castle) = built(answer, ("Harbour", 5), ("Castle", 5))
    at_once(watch, ("move(harbour, castle, 1)", lambda: answer.move(harbour, castle, 1)),
        ("move(castle, harbour, 3)", lambda: answer.move(castle, harbour, 3)))
    expect([harbour.copies, castle.copies], [7, 3], f"{watch.story}; the copies of Harbour and Castle, 5 each before")
    watch, (one, two) = built(answer, ("Mill", 5), ("Mill", 5))
    at_once(watch, ("move(mill_1, mill_2, 1)", lambda: answer.move(one, two, 1)),
        ("move(mill_2, mill_1, 3)", lambda: answer.move(two, one, 3)))
    expect([one.copies, two.copies], [7, 3], f"{watch.story}; the copies of mill_1 and mill_2, 5 each before")
    watch, (harbour, castle, mill) = built(answer, ("Harbour", 5), ("Castle", 5), ("Mill", 5))
    at_once(watch, ("move(harbour, castle, 1)", lambda: answer.move(harbour, castle, 1)),
        ("move(castle, mill, 2)", lambda: answer.move(castle, mill, 2)),
        ("move(mill, harbour, 4)", lambda: answer.move(mill, harbour, 4)))
    expect([harbour.copies, castle.copies, mill.copies], [8, 4, 3],
           f"{watch.story}; the copies of Harbour, Castle and Mill, 5 each before")


@check("a stocktake that meets a move or another stocktake ends", needs=moves_meet, timeout=20)
def stocktake_meets(answer: Answer) -> None:
    """In both directions."""
    for named in ("[castle, harbour]", "[harbour, castle]"):
        watch, (harbour, castle) = built(answer, ("Harbour", 5), ("Castle", 5))
        order = [castle, harbour] if named.startswith("[c") else [harbour, castle]
        total = at_once(watch, (f"stocktake({named})", lambda order=order: answer.stocktake(order)),
                    ("move(harbour, castle, 2)", lambda h=harbour, c=castle: answer.move(h, c, 2)))[0]
        expect(total, 10, f"{watch.story}; what the stocktake gives, with 5 copies in each branch before")
        back = order[::-1]
        totals = at_once(watch, (f"stocktake({named})", lambda order=order: answer.stocktake(order)),
                     ("a stocktake in the other order", lambda back=back: answer.stocktake(back)))
        expect(totals, [10, 10], f"{watch.story}; what they give")


@check("a branch that is named twice is locked once", needs=works_alone)
def names_twice(answer: Answer) -> None:
    """Both arguments of a move, and two entries of a list."""
    watch, (harbour, castle) = built(answer, ("Harbour", 5), ("Castle", 1))
    with telling(watch, "The only thread calls move(harbour, harbour, 2)"):
        answer.move(harbour, harbour, 2)
    expect(harbour.copies, 5, "The copies of Harbour, which had 5, after move(harbour, harbour, 2)", hint=3)
    with telling(watch, "The only thread calls stocktake([harbour, castle, harbour])"):
        expect(answer.stocktake([harbour, castle, harbour]), 11,
               "Harbour has 5 copies and Castle 1: stocktake([harbour, castle, harbour])", hint=3)


@check("nobody sees copies that are in neither branch, or in both", needs=moves_meet, timeout=20)
def hides_the_way(answer: Answer) -> None:
    """A move is stopped at each of its steps, and a stocktake is begun meanwhile; then the other way round."""
    for first, second, counted in ((moving(answer, 2), counting(answer), 1), (counting(answer), moving(answer, 2), 0)):
        for stop_at in range(1, STEPS):
            met = meeting(answer, stop_at, "", first, second)
            if met is None:
                break
            expect(met.results[counted], 10, f"{met.story}; then thread 1 goes on. Each branch had 5 copies; the "
                   "stocktake gives", hint=3)
            expect([branch.copies for branch in met.branches], [3, 7], f"{met.story}; the copies of Harbour and Castle")


@check("two moves do not take the same copies", needs=moves_meet, timeout=20)
def moves_what_is_there(answer: Answer) -> None:
    """A move is stopped at each of its steps, and another one begun meanwhile; the copies suffice for one of them."""
    for stop_at in range(1, STEPS):
        met = meeting(answer, stop_at, "", moving(answer, 3), moving(answer, 3), refusable=True)
        if met is None:
            return
        expect([branch.copies for branch in met.branches], [2, 8], f"{met.story}; then thread 1 goes on. Each branch "
               "had 5 copies, so one move must be refused: the look and the change belong under the same locks. "
               "The copies of Harbour and Castle", hint=3)
        refused = sum(isinstance(result, ValueError) for result in met.results)
        expect(refused, 1, f"{met.story}; then thread 1 goes on. Each branch had 5 copies; how many of the two moves "
               "raise ValueError", hint=3)
