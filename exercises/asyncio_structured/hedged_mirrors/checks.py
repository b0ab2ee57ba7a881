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
class Mirror:
    """Answers, or raises, after some seconds; notes when it was asked and when it was cancelled."""

    clock: Clock
    seconds: float
    outcome: Any
    tidying: float = 0  # seconds that it needs to end when it is cancelled
    last_words: Exception | None = None  # raised when it is cancelled
    asked: list[float] = field(default_factory=list)
    cut: list[float] = field(default_factory=list)
    running: int = 0

    async def ask(self) -> Any:
        """Answer one question."""
        self.asked.append(self.clock.second)
        self.running += 1
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.cut.append(self.clock.second)
            await asyncio.sleep(self.tidying)
            if self.last_words:
                raise self.last_words from None
            raise
        finally:
            self.running -= 1
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def __str__(self) -> str:
        what = f"raises {type(self.outcome).__name__}" if isinstance(self.outcome, Exception) else "answers"
        return f"{what} after {self.seconds:g} second{'' if self.seconds == 1 else 's'}"


Story = Callable[[Clock], Coroutine[Any, Any, None]]


def start(answer: Answer, first: Mirror, second: Mirror, more: str = "") -> Run:
    """Call the answer's function with a patience of 3 seconds."""
    return Run(
        first.clock,
        answer.hedged(first.ask, second.ask, 3),
        f"hedged(first, second, 3); first {first}, second {second}{more}",
    )


def nothing_is_left(run: Run, *mirrors: Mirror, hint: int = 1) -> None:
    """Require that no mirror is at work and no task is left."""
    require(
        sum(mirror.running for mirror in mirrors) == 0,
        f"{run.words}: hedged has ended ({run.how}), and a mirror is still at work.",
        hint=hint,
    )
    require(
        run.left == 0,
        f"{run.words}: when hedged ended ({run.how}), {run.left} of the tasks that it has started "
        "had not ended.",
        hint=hint,
    )


@check("the second mirror is not asked when the first answers in time", timeout=BUSY)
def asks_the_first_alone(answer: Answer) -> None:
    """The first takes 2 seconds; its answer may be None."""

    async def story(clock: Clock) -> None:
        for outcome in ("3 copies", None, 0):
            begun = clock.second
            first, second = Mirror(clock, 2, outcome), Mirror(clock, 1, "second")
            run = start(answer, first, second)
            await run.returns(outcome, hint=2)
            expect(
                (len(first.asked), len(second.asked)),
                (1, 0),
                f"{run.words}; how often each was asked",
                hint=2,
            )
            expect(run.second - begun, 2.0, f"{run.words}; the seconds until hedged returned", hint=2)

    play(story)


@check(
    "when patience is over, the second is asked too, and the first answer of both is returned",
    needs=asks_the_first_alone,
    timeout=BUSY,
)
def takes_the_first_answer(answer: Answer) -> None:
    """The second wins, then the first does."""
    for takes_first, takes_second, winner, seconds in (
        (10, 1, "second", 4.0),
        (5, 10, "first", 5.0),
        (10, 1, None, 4.0),
    ):

        async def story(
            clock: Clock,
            takes_first: int = takes_first,
            takes_second: int = takes_second,
            winner: Any = winner,
            seconds: float = seconds,
        ) -> None:
            first = Mirror(clock, takes_first, "first")
            second = Mirror(clock, takes_second, "second" if winner else None)
            run = start(answer, first, second)
            await run.ends(hint=2)
            expect(
                (first.asked, second.asked),
                ([0.0], [3.0]),
                f"{run.words}; the seconds at which each was asked",
                hint=2,
            )
            await run.returns(winner, hint=2)
            expect(run.second, seconds, f"{run.words}; the second at which hedged returned", hint=2)

        play(story)


@check(
    "the loser is cancelled and has ended when hedged returns",
    needs=takes_the_first_answer,
    points=2,
    timeout=BUSY,
)
def ends_the_loser(answer: Answer) -> None:
    """Either may lose, may need a while to end, and may raise an exception then."""
    for loser in ("first", "second"):
        for tidying, last_words in ((0.0, None), (0.5, None), (0.5, OSError("the line is dead"))):

            async def story(
                clock: Clock,
                loser: str = loser,
                tidying: float = tidying,
                last_words: Exception | None = last_words,
            ) -> None:
                first = Mirror(clock, 10 if loser == "first" else 4, "first")
                second = Mirror(clock, 1 if loser == "first" else 10, "second")
                lost = first if loser == "first" else second
                lost.tidying, lost.last_words = tidying, last_words
                more = f"; {loser} needs {tidying:g} seconds to end when it is cancelled"
                run = start(answer, first, second, more + (" and raises OSError then" if last_words else ""))
                await run.ends(hint=1)
                expect(lost.cut, [4.0], f"{run.words}; the seconds at which {loser} was cancelled", hint=1)
                nothing_is_left(run, first, second)
                await run.returns("second" if loser == "first" else "first", hint=3)
                expect(run.second, 4.0 + tidying, f"{run.words}; the second at which hedged returned", hint=1)

            play(story)


@check(
    "a mirror that raises has not answered: the other one is waited for, or asked at once",
    needs=takes_the_first_answer,
    timeout=BUSY,
)
def goes_on_after_one_failure(answer: Answer) -> None:
    """The first fails before patience is over, the first fails later, the second fails."""
    down = ConnectionError("down")
    for takes_first, first_says, takes_second, second_says, asked, seconds in (
        (1, down, 4, "second", 1.0, 5.0),
        (5, down, 4, "second", 3.0, 7.0),
        (5, "first", 1, down, 3.0, 5.0),
    ):

        async def story(
            clock: Clock,
            takes: tuple[int, int] = (takes_first, takes_second),
            says: tuple[Any, Any] = (first_says, second_says),
            asked: float = asked,
            seconds: float = seconds,
        ) -> None:
            first, second = Mirror(clock, takes[0], says[0]), Mirror(clock, takes[1], says[1])
            run = start(answer, first, second)
            await run.ends(hint=2)
            expect(second.asked, [asked], f"{run.words}; the seconds at which second was asked", hint=2)
            await run.returns("first" if says[0] == "first" else "second", hint=2)
            expect(run.second, seconds, f"{run.words}; the second at which hedged returned", hint=2)
            expect(
                (first.cut, second.cut),
                ([], []),
                f"{run.words}; the seconds at which each was cancelled",
                hint=2,
            )

        play(story)


@check(
    "when both raise, an ExceptionGroup holds both exceptions, that of the first in front",
    needs=goes_on_after_one_failure,
    timeout=BUSY,
)
def raises_both_failures(answer: Answer) -> None:
    """Early, the first before the second, and the other way round."""
    for takes_first, takes_second, seconds in ((1, 1, 2.0), (4, 5, 8.0), (7, 1, 7.0)):

        async def story(
            clock: Clock,
            takes_first: int = takes_first,
            takes_second: int = takes_second,
            seconds: float = seconds,
        ) -> None:
            errors = [ConnectionError("first is down"), TimeoutError("second is busy")]
            first, second = Mirror(clock, takes_first, errors[0]), Mirror(clock, takes_second, errors[1])
            run = start(answer, first, second)
            await run.ends(hint=3)
            expect(run.how, "ExceptionGroup raised", f"{run.words}; how hedged ended", hint=3)
            group: Any = run.error
            expect(
                [str(error) for error in group.exceptions],
                ["first is down", "second is busy"],
                f"{run.words}; the exceptions in the group",
                hint=3,
            )
            expect(run.second, seconds, f"{run.words}; the second at which hedged ended", hint=3)

        play(story)


@check(
    "when its task is cancelled, both mirrors are, and it ends as cancelled",
    needs=takes_the_first_answer,
    timeout=BUSY,
)
def can_be_cancelled(answer: Answer) -> None:
    """While the first is alone, while both are at work, when one of them has failed, while the loser is ending."""
    down = ConnectionError("down")
    cases = (
        ("before patience is over", 1, (10, "first"), [1.0], []),
        ("when both are at work", 4, (10, "first"), [4.0], [4.0]),
        ("when first has failed", 5, (4, down), [], [5.0]),
    )
    for when, at, plan, cut_first, cut_second in cases:
        for tidying in (0.0, 0.5):

            async def story(
                clock: Clock,
                when: str = when,
                at: int = at,
                plan: tuple[float, Any] = plan,
                cut: tuple[list[float], list[float]] = (cut_first, cut_second),
                tidying: float = tidying,
            ) -> None:
                first, second = Mirror(clock, *plan, tidying), Mirror(clock, 10, "second", tidying)
                run = start(
                    answer,
                    first,
                    second,
                    f"; hedged is cancelled {when}, at second {at}, and a mirror "
                    f"needs {tidying:g} seconds to end",
                )
                await asyncio.sleep(at)
                run.task.cancel()
                await run.ends(hint=1)
                expect(
                    (first.cut, second.cut),
                    cut,
                    f"{run.words}; the seconds at which each was cancelled",
                    hint=1,
                )
                nothing_is_left(run, first, second)
                expect(run.how, "cancelled", f"{run.words}; how it ended", hint=1)
                expect(run.second, at + tidying, f"{run.words}; the second at which it ended", hint=1)
                expect(
                    (len(first.asked), len(second.asked)),
                    (1, int(at > 3)),
                    f"{run.words}; how often each was asked",
                    hint=1,
                )

            play(story)

    async def at_the_end(clock: Clock) -> None:
        first, second = Mirror(clock, 10, "first", tidying=2), Mirror(clock, 1, "second")
        run = start(
            answer,
            first,
            second,
            "; first needs 2 seconds to end, from second 4 on, and hedged is cancelled at second 5",
        )
        await asyncio.sleep(5)
        run.task.cancel()
        await run.ends(hint=1)
        nothing_is_left(run, first, second)
        expect(run.how, "cancelled", f"{run.words}; how it ended", hint=1)

    play(at_the_end)
