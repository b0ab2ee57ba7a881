"""Two threads, and a lock that tells who waits: one thread is stopped before each of its instructions in turn."""

import linecache
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

from course.check import Answer, Failure, check, expect, require

PATIENCE = 2.0  # seconds until a thread counts as stuck; nobody who is right waits that long
LONGEST = 1000  # instructions of a call before which it is stopped


class WatchedLock:
    """A lock that tells whether somebody waits for it, and lets nobody wait for ever.

    When `stops` is set, the next one who gives it back is stopped there, until `go_on` is set.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.holder = 0
        self.awaited = False
        self.stops = False
        self.stopped, self.go_on = threading.Event(), threading.Event()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take the lock, as `threading.Lock` does. Who does not wait for ever is told that the time is over."""
        me = threading.get_ident()
        if not self._lock.acquire(blocking=False):
            self.awaited = self.awaited or self.holder != me
            if not blocking:
                return False
            if self.holder == me:
                raise Failure("A thread that holds the lock takes it once more: it would wait for itself, for ever.",
                              hint=3)
            if timeout >= 0:
                time.sleep(0.001)  # the holder may be stopped for longer than any timeout
                return False
            if not self._lock.acquire(timeout=PATIENCE):
                raise Failure(f"A thread has waited for the lock for {PATIENCE:g} seconds, and nobody gives it back.",
                              hint=3)
        self.holder = me
        return True

    def release(self) -> None:
        """Give the lock back."""
        if not self._lock.locked():
            raise Failure("The lock is given back, and nobody holds it.", hint=3)
        self.holder = 0
        self._lock.release()
        if self.stops:
            self.stops = False
            self.stopped.set()
            self.go_on.wait(5 * PATIENCE)

    def locked(self) -> bool:
        """Tell whether somebody holds the lock."""
        return self._lock.locked()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.release()


class Call:
    """A call in a thread of its own. It stops before its instruction number `stop` in `file`, until `go` is set."""

    def __init__(self, call: Callable[[], Any], file: str = "", stop: int = 0) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self.line = 0
        self.go = threading.Event()
        self.stopped = False
        self._call, self._file, self._left = call, file, stop
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        if self._left:
            sys._getframe().f_trace_opcodes = True  # from Python 3.12.4 on, settrace looks whether any frame wants it
            sys.settrace(self._enter)
        try:
            self.result = self._call()
        except BaseException as error:
            self.error = error
        finally:
            sys.settrace(None)

    def _enter(self, frame: FrameType, event: str, value: Any) -> Any:
        if frame.f_code.co_filename != self._file:
            return None
        frame.f_trace = self._step  # set by hand: from Python 3.13 on, the line below asks whether it is
        frame.f_trace_opcodes = True
        return self._step

    def _step(self, frame: FrameType, event: str, value: Any) -> Any:
        if event in ("opcode", "line"):
            self._left -= 1
            if self._left == 0:
                self.line = frame.f_lineno
                self.stopped = True
                self.go.wait(5 * PATIENCE)
        return self._step

    @property
    def ended(self) -> bool:
        """Whether the thread has ended."""
        return not self._thread.is_alive()

    @property
    def place(self) -> str:
        """Where it was stopped."""
        return f"in line {self.line}, `{linecache.getline(self._file, self.line).strip()}`"


def until(holds: Callable[[], bool]) -> bool:
    """Wait until `holds()`, at most for the time after which a thread is stuck; tell whether it does."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.0005)
    return True


def made(answer: Answer, room: int, counted: list[str]) -> tuple[Any, WatchedLock]:
    """Make a counter that has counted some titles."""
    lock = WatchedLock()
    titles = answer.RecentTitles(room, lock)
    for title in counted:
        titles.count(title)
    return titles, lock


Named = tuple[str, Callable[[Any], Any]]  # a call of a counter's method, and how it is written


def counting(title: str) -> Named:
    """The call `count(title)`."""
    return f'count("{title}")', lambda titles: titles.count(title)


LOOKING: Named = ("contents()", lambda titles: titles.contents())


Outcome = tuple[Any, Any, list[tuple[str, int]]]  # what the two calls return, and the contents afterwards


def in_every_order(answer: Answer, room: int, counted: list[str], first: Named, second: Named,
                   allowed: list[Outcome], hint: int) -> None:
    """Let the second call come between any two instructions of the first; the outcome must be one of those allowed."""
    file = sys.modules[answer.RecentTitles.__module__].__file__ or ""
    before = f"room for {room}" + (f", {', '.join(counted)} counted before" if counted else "")
    for stop in range(1, LONGEST):
        titles, lock = made(answer, room, counted)
        one = Call(lambda titles=titles: first[1](titles), file, stop)
        until(lambda one=one: one.stopped or one.ended)
        other = Call(lambda titles=titles: second[1](titles))
        known = until(lambda lock=lock, other=other: other.ended or lock.awaited)
        one.go.set()
        story = (f"With {before}: thread 1 calls {first[0]} and is stopped {one.place}; thread 2 "
                 f"calls {second[0]}; then thread 1 goes on." if one.stopped else
                 f"With {before}: thread 1 calls {first[0]}, and when it is done thread 2 calls {second[0]}.")
        ended = until(lambda one=one, other=other: one.ended and other.ended)
        require(known, f"{story} Thread 2 stands still, and not because of the lock that the object was given: "
                       "does your code use another one?", hint=1)
        judge(story, ended, one, other, titles, allowed, hint)
        if not one.stopped:
            require(stop > (1 if first is LOOKING else 10), "The check could not stop a "
                    "thread between two instructions: is a debugger at work?")
            return
    require(False, f"One call of {first[0]} takes more than {LONGEST} instructions.")


def behind_the_lock(answer: Answer, room: int, counted: list[str], first: Named, second: Named,
                    allowed: list[Outcome], hint: int) -> None:
    """Stop the first call where it has given the lock back; it must not see the second one in the middle of its work.

    The second call is stopped before each of its instructions, and stays there until the first one is done or waits.
    """
    file = sys.modules[answer.RecentTitles.__module__].__file__ or ""
    for stop in range(1, LONGEST):
        titles, lock = made(answer, room, counted)
        lock.stops = True
        one = Call(lambda titles=titles: first[1](titles))  # not traced: 3.12.1 cannot trace two that stand still
        until(lambda lock=lock, one=one: lock.stopped.is_set() or one.ended)
        if not lock.stopped.is_set():
            return  # it does not take the lock
        other = Call(lambda titles=titles: second[1](titles), file, stop)
        until(lambda other=other: other.stopped or other.ended)
        lock.go_on.set()
        until(lambda lock=lock, one=one: one.ended or lock.awaited)
        other.go.set()
        story = (f"With room for {room}, {', '.join(counted)} counted before: thread 1 calls {first[0]}, gives the "
                 f"lock back, and is stopped there; thread 2 calls {second[0]}" +
                 (f" and is stopped {other.place}; thread 1 goes on, then thread 2." if other.stopped else
                  "; then thread 1 goes on."))
        ended = until(lambda one=one, other=other: one.ended and other.ended)
        judge(story, ended, one, other, titles, allowed, hint)
        if not other.stopped:
            return


def judge(story: str, ended: bool, one: Call, other: Call, titles: Any, allowed: list[Outcome], hint: int) -> None:
    """Compare what came of two calls with what may come of them."""
    require(ended, f"{story} They do not end.", hint=3)
    for call in (one, other):
        if isinstance(call.error, Failure):
            raise call.error
        require(call.error is None, f"{story} {type(call.error).__name__} is raised: {call.error}", hint=hint)
    outcome = (one.result, other.result, titles.contents())
    if outcome not in allowed:
        raise Failure(f"{story} Neither order of the two calls gives what came: the results of thread 1 and of "
                      "thread 2, and the contents afterwards", expected=" or ".join(map(repr, allowed)),
                      actual=repr(outcome), hint=hint)


@check("requests are counted, one title apart from the other")
def counts_each_title(answer: Answer) -> None:
    """One thread, room enough."""
    titles, lock = made(answer, 3, [])
    got = [titles.count(title) for title in ("Dune", "Emma", "Dune", "Dune", "Emma")]
    expect(got, [1, 1, 2, 3, 2], "What count returns for Dune, Emma, Dune, Dune, Emma", hint=2)
    expect(titles.contents(), [("Dune", 3), ("Emma", 2)], "The contents after Dune, Emma, Dune, Dune, Emma", hint=2)
    require(not lock.locked(), "After five calls of count and one of contents, nobody works, and the lock is held.",
            hint=3)


@check("the title goes that was asked for longest ago", needs=counts_each_title)
def drops_the_oldest(answer: Answer) -> None:
    """One thread, more titles than room."""
    for room, asked, left in ((2, "Dune Emma Dune Ulysses", [("Dune", 2), ("Ulysses", 1)]),
                              (2, "Dune Emma Ulysses Dune", [("Ulysses", 1), ("Dune", 1)]),
                              (3, "Dune Emma Ulysses", [("Dune", 1), ("Emma", 1), ("Ulysses", 1)]),
                              (1, "Dune Dune Emma Emma Emma", [("Emma", 3)])):
        titles, _ = made(answer, room, asked.split())
        expect(titles.contents(), left, f"With room for {room}, after {asked.replace(' ', ', ')}: the contents", hint=2)


@check("no request is lost, wherever the threads are switched", needs=counts_each_title, points=2, timeout=20)
def loses_no_request(answer: Answer) -> None:
    """Two threads ask for the same title: a new one, then a known one."""
    for counted, number in (([], 0), (["Dune"], 1)):
        after = [("Dune", number + 2)]
        in_every_order(answer, 2, counted, counting("Dune"), counting("Dune"),
                       [(number + 1, number + 2, after), (number + 2, number + 1, after)], hint=1)


@check("two new titles at the same time throw out two old ones", needs=loses_no_request, timeout=20)
def makes_room_as_one(answer: Answer) -> None:
    """Two threads bring new titles to a full counter; then a new one comes while the title that is to go is counted."""
    in_every_order(answer, 2, ["Dune", "Emma"], counting("Ulysses"), counting("Walden"),
                   [(1, 1, [("Ulysses", 1), ("Walden", 1)]), (1, 1, [("Walden", 1), ("Ulysses", 1)])], hint=2)
    in_every_order(answer, 2, ["Dune", "Emma"], counting("Ulysses"), counting("Dune"),
                   [(1, 1, [("Ulysses", 1), ("Dune", 1)]), (1, 2, [("Dune", 2), ("Ulysses", 1)])], hint=2)


@check("the contents are those of one moment, and stay", needs=loses_no_request, timeout=20)
def shows_one_moment(answer: Answer) -> None:
    """One looks while another one counts, and the other way round; a list that was returned does not change."""
    old, new = [("Dune", 1), ("Emma", 1)], [("Emma", 1), ("Ulysses", 1)]
    in_every_order(answer, 2, ["Dune", "Emma"], counting("Ulysses"), LOOKING, [(1, old, new), (1, new, new)], hint=2)
    for meet in (in_every_order, behind_the_lock):
        meet(answer, 2, ["Dune", "Emma"], LOOKING, counting("Ulysses"), [(old, 1, new), (new, 1, new)], hint=2)
    titles, _ = made(answer, 2, ["Dune", "Emma"])
    seen = titles.contents()
    titles.count("Ulysses")
    expect(seen, old, "The contents were asked for, then Ulysses was counted: the list that was returned before",
           hint=3)


@check("an error in a call leaves the lock free", needs=counts_each_title)
def frees_the_lock(answer: Answer) -> None:
    """A list cannot be hashed."""
    titles, lock = made(answer, 2, ["Dune"])
    raised = False
    try:
        titles.count(["Emma"])
    except Failure:
        raise
    except Exception:
        raised = True
    require(raised, 'count(["Emma"]) is given a list, which cannot be the key of a dict, and raises nothing.', hint=3)
    require(not lock.locked(), 'count(["Emma"]) has raised TypeError, and the lock is still held: the next call would '
                               "wait for ever.", hint=3)
    expect(titles.count("Dune"), 2, 'What count("Dune") returns after a call that has raised', hint=3)
