"""Nobody sleeps here: the clock of the loop jumps from timer to timer, so every second below is exact."""

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from course.check import Answer, Failure, check, expect, require

START = 5000.0  # where the loop's clock stands when a story begins: on a machine it is never 0 either
MOST = 20_000  # passes of the loop in one story
BUSY = 15  # seconds on a real clock for one check: nobody waits in it, but the machine may be busy


class Clock:
    """The clock of one loop. Where the loop would sleep until a timer is due, this clock jumps there."""

    def __init__(self, loop: Any) -> None:
        self.now, self.blocked, self.passes = START, 0.0, 0
        self.look = loop._selector.select
        loop.time = lambda: self.now
        loop._selector.select = self.jump

    @property
    def second(self) -> float:
        """How many seconds have passed since the story began."""
        return self.now - START

    def jump(self, timeout: float | None = None) -> Any:
        """Stand for the part of the loop that sleeps."""
        self.passes += 1
        if self.passes > MOST or timeout is None:
            raise Failure(
                f"The clock stands at second {self.second:g}, and the loop turns without an end: "
                "does something wait by asking again and again?"
            )
        self.now += timeout
        return self.look(0)

    def block(self, seconds: float) -> None:
        """Stand for `time.sleep`: time passes, and nobody has a turn."""
        self.blocked += seconds
        self.now += seconds


def sweep(loop: Any, clock: Clock) -> None:
    """Cancel what a story has left running, and close its loop."""
    clock.passes = 0
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    with suppress(Failure):
        loop.run_until_complete(asyncio.wait([*left, loop.create_task(asyncio.sleep(0))], timeout=100))
    loop.close()


def play(story: Callable[[Clock], Coroutine[Any, Any, None]]) -> None:
    """Run a story on a loop of its own, whose clock jumps; what it leaves running is cancelled."""
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda _loop, _context: None)  # failures are part of the plan: no log
    clock = Clock(loop)
    try:
        with mock.patch("time.sleep", clock.block):
            loop.run_until_complete(story(clock))
    finally:
        sweep(loop, clock)
        require(
            clock.blocked == 0,
            f"`time.sleep` was called (seconds in all: {clock.blocked:g}). It holds the "
            "whole loop, so that nobody else has a turn: await `asyncio.sleep`.",
        )


def described(error: BaseException | None) -> str:
    """Name an exception, and those in a group."""
    if isinstance(error, BaseExceptionGroup):
        return f"{type(error).__name__} of {', '.join(map(described, error.exceptions))}"
    return f"{type(error).__name__}: {error}"


class Run:
    """A call of the answer in a task of its own: how it ended, at which second, and what it left behind."""

    def __init__(self, clock: Clock, call: Any, words: str) -> None:
        require(
            inspect.isawaitable(call),
            f"{words}: the call gives a {type(call).__name__}, which cannot be awaited.",
        )
        self.clock, self.words = clock, words
        self.known = asyncio.all_tasks()
        self.value: Any = None
        self.error: BaseException | None = None
        self.second, self.left = -1.0, 0
        self.task = asyncio.create_task(self._watch(call))

    async def _watch(self, call: Any) -> None:
        try:
            self.value = await call
        except BaseException as error:  # a cancellation too: it ends here, where it is looked at
            self.error = error
        self.second = self.clock.second
        self.left = len(asyncio.all_tasks() - self.known - {self.task})

    @property
    def how(self) -> str:
        """How it ended, in words."""
        if not self.task.done():
            return "not ended yet"
        if self.error is None:
            return "returned"
        if isinstance(self.error, asyncio.CancelledError):
            return "cancelled"
        return f"{type(self.error).__name__} raised"

    async def ends(self, hint: int | None = None) -> "Run":
        """Wait for its end."""
        await asyncio.wait([self.task], timeout=1000)
        require(self.task.done(), f"{self.words}: 1000 seconds later it has not ended.", hint=hint)
        return self

    async def returns(self, want: Any, hint: int | None = None) -> None:
        """Wait for its end, which must be a `return` of `want`."""
        await self.ends(hint)
        require(
            self.error is None,
            f"{self.words}: instead of returning, it raises {described(self.error)}",
            hint=hint,
        )
        expect(self.value, want, f"{self.words}: it returns something else", hint=hint)


@dataclass
class Shelf:
    """The branches: each has pages that take a second to fetch; notes what happened."""

    clock: Clock
    pages: dict[str, int]
    torn: set[tuple[str, int]] = field(default_factory=set)  # fetching these raises
    full: set[tuple[str, int]] = field(default_factory=set)  # storing these raises
    closed_branches: dict[str, float] = field(default_factory=dict)  # connecting raises after so many seconds
    closing: float = 0  # seconds that `close` takes
    fetched: list[tuple[str, int]] = field(default_factory=list)
    stored: list[tuple[str, int]] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    broken_off: list[str] = field(default_factory=list)
    error: OSError = field(default_factory=lambda: OSError("the branch is closed"))

    async def connect(self, branch: str) -> "Connection":
        """Open a connection."""
        if branch in self.closed_branches:
            await asyncio.sleep(self.closed_branches[branch])
            raise self.error
        self.opened.append(branch)
        return Connection(self, branch)

    async def store(self, branch: str, number: int, books: str) -> None:
        """Store a page."""
        if (branch, number) in self.full:
            raise TimeoutError("the store is slow")
        self.stored.append((branch, number))


class Connection:
    """A connection to one branch."""

    def __init__(self, shelf: Shelf, branch: str) -> None:
        self.shelf, self.branch, self.pages = shelf, branch, shelf.pages[branch]

    async def fetch(self, number: int) -> str:
        """Fetch a page."""
        self.shelf.fetched.append((self.branch, number))
        await asyncio.sleep(1)
        if (self.branch, number) in self.shelf.torn:
            raise LookupError("torn page")
        return f"the books of page {number}"

    async def close(self) -> None:
        """Close the connection, which takes a while."""
        try:
            await asyncio.sleep(self.shelf.closing)
        except asyncio.CancelledError:
            self.shelf.broken_off.append(self.branch)
            raise
        self.shelf.closed.append(self.branch)


def copying(answer: Answer, shelf: Shelf, seconds: float, words: str) -> Run:
    """Call `copy_all` for all branches."""
    branches = [*shelf.pages, *shelf.closed_branches]
    return Run(shelf.clock, answer.copy_all(branches, shelf.connect, shelf.store, seconds), words)


def all_closed(run: Run, shelf: Shelf) -> None:
    """Require that every connection is closed, and that nothing goes on."""
    expect(
        shelf.broken_off,
        [],
        f"{run.words}; the branches at which `close` was cancelled before it was done",
        hint=2,
    )
    expect(
        sorted(shelf.closed),
        sorted(shelf.opened),
        f"{run.words}; the connections that were closed when it ended",
        hint=2,
    )
    require(
        run.left == 0,
        f"{run.words}: when it ended ({run.how}), {run.left} of the copies had not ended.",
        hint=2,
    )


def comes_out(run: Run, error: Exception) -> bool:
    """Whether a run has ended with this exception, as it is or alone in a group."""
    found: Any = run.error
    while isinstance(found, ExceptionGroup) and len(found.exceptions) == 1:
        found = found.exceptions[0]
    return found is error


@check("pages are copied, and those with a fault are skipped and named", timeout=BUSY)
def skips_bad_pages(answer: Answer) -> None:
    """Two branches; one page is torn, one cannot be stored; there may be no pages, and no branches."""

    async def story(clock: Clock) -> None:
        shelf = Shelf(clock, {"Mill": 4, "Harbour": 2, "Castle": 0}, torn={("Mill", 1)}, full={("Mill", 2)})
        run = copying(
            answer,
            shelf,
            100,
            "Mill has 4 pages, Harbour 2, Castle none; fetching page 1 of Mill raises "
            "LookupError, storing its page 2 raises TimeoutError",
        )
        await run.returns({"Mill": [1, 2], "Harbour": [], "Castle": []}, hint=2)
        expect(
            list(run.value), ["Mill", "Harbour", "Castle"], f"{run.words}; the order of the branches", hint=1
        )
        expect(
            sorted(shelf.stored),
            [("Harbour", 0), ("Harbour", 1), ("Mill", 0), ("Mill", 3)],
            f"{run.words}; the pages that were stored",
            hint=1,
        )
        await copying(answer, Shelf(clock, {}), 100, "There are no branches").returns({}, hint=2)

    async def one(clock: Clock) -> None:
        shelf = Shelf(clock, {"Mill": 3}, torn={("Mill", 0), ("Mill", 2)})
        run = Run(
            clock,
            answer.copy_branch("Mill", shelf.connect, shelf.store),
            "copy_branch('Mill', connect, store), of 3 pages; fetching pages 0 and 2 raises LookupError",
        )
        await run.returns([0, 2], hint=2)

    play(story)
    play(one)


@check("all branches are copied at once", needs=skips_bad_pages, timeout=BUSY)
def copies_at_once(answer: Answer) -> None:
    """Twelve branches with four pages of a second each."""

    async def story(clock: Clock) -> None:
        shelf = Shelf(clock, {f"branch {number}": 4 for number in range(12)})
        run = copying(answer, shelf, 100, "Twelve branches with 4 pages each, and a page takes a second")
        await run.ends(hint=2)
        expect(run.second, 4.0, f"{run.words}; the second at which copy_all ended", hint=2)

    play(story)


@check(
    "a copy that is cancelled fetches no further page, and ends as cancelled",
    needs=skips_bad_pages,
    timeout=BUSY,
)
def copy_can_be_cancelled(answer: Answer) -> None:
    """copy_branch alone, in its third page."""

    async def story(clock: Clock) -> None:
        shelf = Shelf(clock, {"Mill": 5}, torn={("Mill", 0)})
        run = Run(
            clock,
            answer.copy_branch("Mill", shelf.connect, shelf.store),
            "copy_branch('Mill', connect, store), of 5 pages, is cancelled while it fetches page 2",
        )
        await asyncio.sleep(2.5)
        run.task.cancel()
        await run.ends(hint=1)
        expect(
            [number for _, number in shelf.fetched],
            [0, 1, 2],
            f"{run.words}; the pages it began to fetch",
            hint=1,
        )
        expect(run.how, "cancelled", f"{run.words}; how it ended", hint=1)

    play(story)


@check(
    "a connection is closed once, before its copy ends, and none that was not opened",
    needs=copy_can_be_cancelled,
    timeout=BUSY,
)
def closes_connections(answer: Answer) -> None:
    """A good end, a cancelled copy, a connection that could not be opened; to close takes 3 seconds."""

    async def story(clock: Clock, cancel: bool) -> None:
        shelf = Shelf(clock, {"Mill": 5}, closing=3)
        run = Run(
            clock,
            answer.copy_branch("Mill", shelf.connect, shelf.store),
            "copy_branch('Mill', connect, store), of 5 pages, "
            + ("is cancelled at second 2.5" if cancel else "ends well")
            + ", and `close` takes 3 seconds",
        )
        if cancel:
            await asyncio.sleep(2.5)
            run.task.cancel()
        await run.ends(hint=2)
        all_closed(run, shelf)
        expect(run.second, 5.5 if cancel else 8.0, f"{run.words}; the second at which it ended", hint=2)
        expect(run.how, "cancelled" if cancel else "returned", f"{run.words}; how it ended", hint=2)

    async def not_opened(clock: Clock) -> None:
        shelf = Shelf(clock, {}, closed_branches={"Mill": 1})
        run = Run(
            clock,
            answer.copy_branch("Mill", shelf.connect, shelf.store),
            "copy_branch('Mill', connect, store), and `connect` raises OSError",
        )
        await run.ends(hint=2)
        require(
            run.error is shelf.error,
            f"{run.words}: that exception does not come out of it: {run.how}.",
            hint=2,
        )

    play(lambda clock: story(clock, False))
    play(lambda clock: story(clock, True))
    play(not_opened)


@check(
    "when time is up, all copies are cancelled, and TimeoutError is raised when they have ended",
    needs=closes_connections,
    timeout=BUSY,
)
def ends_in_time(answer: Answer) -> None:
    """One branch is done in time, two are not; to close takes no time, then 3 seconds."""

    async def story(clock: Clock, closing: float) -> None:
        shelf = Shelf(clock, {"Mill": 90, "Harbour": 2, "Castle": 90}, closing=closing)
        run = copying(
            answer,
            shelf,
            10.5,
            "Mill and Castle have 90 pages, and a page takes a second; copy_all has "
            f"10.5 seconds, and `close` takes {closing:g} seconds",
        )
        await run.ends(hint=3)
        expect(run.how, "TimeoutError raised", f"{run.words}; how it ended", hint=3)
        all_closed(run, shelf)
        expect(run.second, 10.5 + closing, f"{run.words}; the second at which it ended", hint=3)
        await asyncio.sleep(100)
        expect(
            len(shelf.fetched),
            24,
            f"{run.words}; the number of pages that it began to fetch, 100 seconds later",
            hint=3,
        )

    for closing in (0.0, 3.0):
        play(lambda clock, closing=closing: story(clock, closing))


@check(
    "when one branch cannot be reached, the other copies are cancelled, and the exception comes out",
    needs=closes_connections,
    timeout=BUSY,
)
def ends_with_one_failure(answer: Answer) -> None:
    """connect raises at second 2.5, while two copies are under way."""

    async def story(clock: Clock, closing: float) -> None:
        shelf = Shelf(clock, {"Mill": 90, "Castle": 90}, closed_branches={"Harbour": 2.5}, closing=closing)
        run = copying(
            answer,
            shelf,
            50,
            "Mill and Castle have 90 pages, and a page takes a second; `connect` raises "
            f"OSError for Harbour at second 2.5, and `close` takes {closing:g} seconds",
        )
        await run.ends(hint=3)
        require(
            comes_out(run, shelf.error),
            f"{run.words}: that exception does not come out of copy_all: {run.how}.",
            hint=3,
        )
        all_closed(run, shelf)
        expect(run.second, 2.5 + closing, f"{run.words}; the second at which it ended", hint=3)

    for closing in (0.0, 3.0):
        play(lambda clock, closing=closing: story(clock, closing))


@check(
    "when the task of `copy_all` is cancelled, all copies are, and it ends as cancelled",
    needs=closes_connections,
    points=2,
    timeout=BUSY,
)
def can_be_cancelled(answer: Answer) -> None:
    """At second 2.5; to close takes no time, then 3 seconds."""

    async def story(clock: Clock, closing: float) -> None:
        shelf = Shelf(clock, {"Mill": 90, "Castle": 90}, closing=closing)
        run = copying(
            answer,
            shelf,
            50,
            "Mill and Castle have 90 pages, and a page takes a second; the task of "
            "copy_all is cancelled at second 2.5, and `close` takes "
            f"{closing:g} seconds",
        )
        await asyncio.sleep(2.5)
        run.task.cancel()
        await run.ends(hint=3)
        expect(run.how, "cancelled", f"{run.words}; how it ended", hint=3)
        all_closed(run, shelf)
        expect(run.second, 2.5 + closing, f"{run.words}; the second at which it ended", hint=3)

    for closing in (0.0, 3.0):
        play(lambda clock, closing=closing: story(clock, closing))
