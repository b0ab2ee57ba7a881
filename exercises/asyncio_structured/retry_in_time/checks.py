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
            f"{self.words}: instead of returning, it raises {type(self.error).__name__}: {self.error}",
            hint=hint,
        )
        expect(self.value, want, f"{self.words}: it returns something else", hint=hint)


@dataclass
class Branch:
    """Takes its time for each call, then answers or raises; notes when calls begin and are cut off."""

    clock: Clock
    plan: list[tuple[float, Any]]
    tidying: float = 0  # seconds that a call needs to end when it is cancelled
    asked: list[float] = field(default_factory=list)
    cut: list[float] = field(default_factory=list)
    running: int = 0

    async def ask(self) -> Any:
        """Carry out the next call of the plan; the last one is repeated."""
        seconds, outcome = self.plan[min(len(self.asked), len(self.plan) - 1)]
        self.asked.append(self.clock.second)
        self.running += 1
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            self.cut.append(self.clock.second)
            await asyncio.sleep(self.tidying)
            raise
        finally:
            self.running -= 1
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


DROPPED = ConnectionError("dropped")


@check("an answer is returned at once, whatever it is", timeout=BUSY)
def returns_the_answer(answer: Answer) -> None:
    """The first call succeeds, after 2 seconds."""

    async def story(clock: Clock) -> None:
        for copies in (3, None, 0):
            branch, begun = Branch(clock, [(2, copies)]), clock.second
            run = Run(
                clock,
                answer.retry(branch.ask, 10),
                f"retry(ask, 10), where ask returns {copies} after 2 seconds",
            )
            await run.returns(copies, hint=1)
            expect(len(branch.asked), 1, f"{run.words}; how often it was called", hint=1)
            expect(run.second - begun, 2.0, f"{run.words}; the seconds until retry returned", hint=1)

    play(story)


@check("after a ConnectionError it pauses 1, 2, 4, 8 seconds and so on", needs=returns_the_answer, timeout=BUSY)
def pauses_grow(answer: Answer) -> None:
    """Seven failures, then an answer; failures that take time; subclasses; two calls of retry at once."""

    async def story(clock: Clock) -> None:
        branch = Branch(clock, [(0, DROPPED)] * 7 + [(0, "yes")])
        run = Run(
            clock,
            answer.retry(branch.ask, 1000),
            "ask fails seven times with ConnectionError, at once, and then returns 'yes'",
        )
        await run.ends(hint=2)
        expect(
            branch.asked,
            [0.0, 1.0, 3.0, 7.0, 15.0, 31.0, 63.0, 127.0],
            f"{run.words}; the seconds at which it was called",
            hint=2,
        )
        await run.returns("yes", hint=2)

    async def slow(clock: Clock) -> None:
        branches = [
            Branch(clock, [(3, ConnectionResetError("reset")), (3, BrokenPipeError("pipe")), (0, "yes")])
            for _ in range(2)
        ]
        runs = [
            Run(
                clock,
                answer.retry(branch.ask, 100),
                "Two calls of retry at once; in each, ask takes 3 seconds, "
                "raises ConnectionResetError, then BrokenPipeError, then returns 'yes'",
            )
            for branch in branches
        ]
        for run, branch in zip(runs, branches, strict=True):
            await run.ends(hint=2)
            expect(
                branch.asked,
                [0.0, 4.0, 9.0],
                f"{run.words}; the seconds at which one of them called ask",
                hint=2,
            )
            await run.returns("yes", hint=2)

    play(story)
    play(slow)


@check("any other exception leaves at once, as it is", needs=pauses_grow, timeout=BUSY)
def lets_others_through(answer: Answer) -> None:
    """The second call raises something that asking again does not mend."""
    for error in (
        LookupError("no such branch"),
        TimeoutError("the branch itself says so"),
        OSError("no route"),
    ):

        async def story(clock: Clock, error: Exception = error) -> None:
            branch = Branch(clock, [(0, DROPPED), (2, error), (0, "yes")])
            run = Run(
                clock,
                answer.retry(branch.ask, 100),
                f"ask raises ConnectionError, then {type(error).__name__}('{error}')",
            )
            await run.ends(hint=2)
            expect(len(branch.asked), 2, f"{run.words}; how often it was called", hint=2)
            require(
                run.error is error,
                f"{run.words}: what comes out of retry is not that exception: {run.how}.",
                hint=2,
            )

        play(story)


@check(
    "the deadline is one for all calls and pauses, and a call that is running then is cancelled",
    needs=pauses_grow,
    points=2,
    timeout=BUSY,
)
def ends_in_time(answer: Answer) -> None:
    """The first call hangs; then the third one, after two failures that took time."""

    async def hangs(clock: Clock) -> None:
        branch = Branch(clock, [(500, "late")])
        run = Run(clock, answer.retry(branch.ask, 10), "retry(ask, 10), where the first call of ask hangs")
        await timed_out(run, branch, [0.0])

    async def hangs_later(clock: Clock) -> None:
        branch = Branch(clock, [(2, DROPPED), (2, DROPPED), (500, "late")], tidying=0.5)
        run = Run(
            clock,
            answer.retry(branch.ask, 10),
            "retry(ask, 10), where ask fails after 2 seconds, fails again after 2 seconds, and then hangs",
        )
        await timed_out(run, branch, [0.0, 3.0, 7.0])

    async def timed_out(run: Run, branch: Branch, asked: list[float]) -> None:
        await run.ends(hint=1)
        expect(branch.asked, asked, f"{run.words}; the seconds at which it was called", hint=1)
        expect(branch.cut, [10.0], f"{run.words}; the seconds at which a call was cancelled", hint=1)
        expect(run.how, "TimeoutError raised", f"{run.words}; how retry ended", hint=2)
        expect(
            run.second,
            10.0 + branch.tidying,
            f"{run.words}, and needs {branch.tidying:g} seconds to end when it "
            "is cancelled; the second at which retry ended",
            hint=2,
        )
        expect(branch.running, 0, f"{run.words}; the calls that were still running when retry ended", hint=2)

    play(hangs)
    play(hangs_later)


@check("a pause that would end at the deadline or later is not begun", needs=ends_in_time, timeout=BUSY)
def does_not_pause_in_vain(answer: Answer) -> None:
    """Failures at second 0, 1, 3 and 7, so the next pause would end at 15."""
    for seconds in (10, 15):

        async def story(clock: Clock, seconds: int = seconds) -> None:
            errors = [ConnectionError(f"dropped, call {number}") for number in (1, 2, 3, 4, 5)]
            branch = Branch(clock, [(0, error) for error in errors])
            run = Run(
                clock,
                answer.retry(branch.ask, seconds),
                f"retry(ask, {seconds}), where ask fails each time, at once; the fourth pause would last "
                "from second 7 to second 15",
            )
            await run.ends(hint=3)
            expect(
                branch.asked, [0.0, 1.0, 3.0, 7.0], f"{run.words}; the seconds at which it was called", hint=3
            )
            expect(run.how, "ConnectionError raised", f"{run.words}; how retry ended", hint=3)
            expect(str(run.error), "dropped, call 4", f"{run.words}; the exception that came out", hint=3)
            expect(run.second, 7.0, f"{run.words}; the second at which retry ended", hint=3)

        play(story)

    async def fits(clock: Clock) -> None:
        branch = Branch(clock, [(0, DROPPED)] * 4 + [(0.5, "yes")])
        run = Run(
            clock,
            answer.retry(branch.ask, 16),
            "retry(ask, 16), where the fourth pause lasts from second 7 to "
            "second 15, and the call after it takes half a second",
        )
        await run.returns("yes", hint=3)

    play(fits)


@check("when the task is cancelled, it ends as cancelled and asks no more", needs=pauses_grow, timeout=BUSY)
def can_be_cancelled(answer: Answer) -> None:
    """In the second call, at second 4, and in the second pause, at second 7."""
    for at, where, cut, seconds in (
        (4, "in the second call", [4.0], 4.0),
        (7, "in the second pause", [], 7.0),
        (4, "in the second call", [4.0], 4.5),
    ):

        async def story(
            clock: Clock, at: int = at, where: str = where, cut: list[float] = cut, seconds: float = seconds
        ) -> None:
            branch = Branch(clock, [(2, DROPPED), (3, DROPPED), (0, "yes")], tidying=seconds - at)
            run = Run(
                clock, answer.retry(branch.ask, 100), f"The task of retry(ask, 100) is cancelled {where}"
            )
            await asyncio.sleep(at)
            run.task.cancel()
            await run.ends(hint=2)
            expect(branch.asked, [0.0, 3.0], f"{run.words}; the seconds at which ask was called", hint=2)
            expect(branch.cut, cut, f"{run.words}; the seconds at which a call was cancelled", hint=2)
            expect(run.how, "cancelled", f"{run.words}; how it ended", hint=2)
            expect(
                run.second,
                seconds,
                f"{run.words}, and a call takes {seconds - at:g} seconds to end when it is "
                "cancelled; the second at which retry ended",
                hint=2,
            )

        play(story)
