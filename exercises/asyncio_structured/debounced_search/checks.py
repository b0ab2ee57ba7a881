"""Nobody sleeps here: the clock of the loop jumps from timer to timer, so every second below is exact."""

import asyncio
import gc
import inspect
import weakref
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
class Search:
    """Takes its time for each text; notes at which second what began, was done, and was cancelled."""

    clock: Clock
    seconds: float = 0
    tidying: float = 0  # seconds that a search needs to end when it is cancelled
    errors: dict[str, Exception] = field(default_factory=dict)
    begun: list[tuple[float, str]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    cut: list[tuple[float, str]] = field(default_factory=list)
    disturbed: list[str] = field(default_factory=list)
    running: int = 0
    reported: list[BaseException] = field(default_factory=list)

    async def search(self, text: str) -> None:
        """Search, or raise what is planned for this text."""
        self.begun.append((self.clock.second, text))
        self.running += 1
        try:
            await asyncio.sleep(self.seconds)
            if error := self.errors.get(text):
                raise error
            self.done.append(text)
        except asyncio.CancelledError:
            self.cut.append((self.clock.second, text))
            try:
                await asyncio.sleep(self.tidying)
            except asyncio.CancelledError:
                self.disturbed.append(text)
            raise
        finally:
            self.running -= 1


async def typed(clock: Clock, box: Any, *changes: tuple[float, str]) -> str:
    """Call `changed` with each text at its second; return what was done, in words."""
    for second, text in changes:
        await asyncio.sleep(second - clock.second)
        got = box.changed(text)
        require(
            got is None,
            f"changed({text!r}) returns a {type(got).__name__}; it is a plain function that starts "
            "what is needed and returns nothing.",
            hint=1,
        )
    return "quiet is 2 seconds; " + ", ".join(
        f"changed({text!r}) at second {second:g}" for second, text in changes
    )


@check("one search begins, for the last text, when nothing has changed for `quiet` seconds", timeout=BUSY)
def searches_when_it_is_quiet(answer: Answer) -> None:
    """Four letters, a second apart; later the same text twice, and an empty one; and two boxes at once."""

    async def one_box(clock: Clock) -> None:
        page = Search(clock)
        box = answer.Debounce(page.search, 2, page.reported.append)
        words = await typed(clock, box, (0, "D"), (1, "Du"), (2, "Dun"), (3, "Dune"))
        await asyncio.sleep(7)
        expect(page.begun, [(5.0, "Dune")], f"{words}; the searches that began, up to second 10", hint=1)
        words = await typed(clock, box, (20, "Emma"), (21, "Emma"), (30, ""))
        await asyncio.sleep(10)
        expect(page.begun[1:], [(23.0, "Emma"), (32.0, "")], f"{words}; the searches that began", hint=1)

    async def two_boxes(clock: Clock) -> None:
        pages = [Search(clock), Search(clock)]
        boxes = [answer.Debounce(page.search, 2, page.reported.append) for page in pages]
        await typed(clock, boxes[0], (0, "Dune"))
        await typed(clock, boxes[1], (1, "Emma"))
        await asyncio.sleep(10)
        expect(
            [page.begun for page in pages],
            [[(2.0, "Dune")], [(3.0, "Emma")]],
            "Two boxes, and quiet is 2 seconds; changed('Dune') in one at second 0, changed('Emma') in the "
            "other at second 1; the searches that began",
            hint=1,
        )

    play(one_box)
    play(two_boxes)


@check(
    "a search that is at work is cancelled by the next change, which does not wait for its end",
    needs=searches_when_it_is_quiet,
    timeout=BUSY,
)
def cancels_the_old_search(answer: Answer) -> None:
    """The search for Du is at work from second 2; cancelled at 3, it needs a while."""

    async def story(clock: Clock, tidying: float) -> None:
        page = Search(clock, seconds=5, tidying=tidying)
        box = answer.Debounce(page.search, 2, page.reported.append)
        words = await typed(clock, box, (0, "Du"), (3, "Dune"))
        words += f"; a search takes 5 seconds, and {tidying:g} seconds to end when it is cancelled"
        await asyncio.sleep(20)
        expect(page.cut, [(3.0, "Du")], f"{words}; the searches that were cancelled", hint=1)
        expect(page.begun, [(2.0, "Du"), (5.0, "Dune")], f"{words}; the searches that began", hint=1)
        expect(page.done, ["Dune"], f"{words}; the searches that were done", hint=1)

    for tidying in (0.0, 9.0):
        play(lambda clock, tidying=tidying: story(clock, tidying))


@check("a task that has ended is not kept", needs=cancels_the_old_search, timeout=BUSY)
def forgets_the_ended(answer: Answer) -> None:
    """The tasks of two texts, looked for after a third text was searched for."""

    async def story(clock: Clock) -> None:
        page = Search(clock, seconds=5)
        box = answer.Debounce(page.search, 2, page.reported.append)
        known, started = asyncio.all_tasks(), []
        await typed(clock, box, (0, "D"), (1, "Du"))
        for second in (1, 4):
            await asyncio.sleep(second - clock.second)
            started += [weakref.ref(task) for task in asyncio.all_tasks() - known]
        words = await typed(clock, box, (30, "Emma"))
        await asyncio.sleep(20)
        gc.collect()
        kept = len({id(task) for one in started if (task := one()) is not None})
        require(
            kept == 0,
            "changed('D') at second 0, changed('Du') at second 1, and all has ended by second 8; "
            f"{words}: afterwards {kept} of the first tasks are still kept. A box lives for days.",
            hint=2,
        )

    play(story)


@check("no search is cancelled twice", needs=cancels_the_old_search, timeout=BUSY)
def cancels_once(answer: Answer) -> None:
    """The search for D is cancelled at second 3 and ends at second 12; others come and go meanwhile."""

    async def story(clock: Clock) -> None:
        page = Search(clock, seconds=5, tidying=9)
        box = answer.Debounce(page.search, 2, page.reported.append)
        words = await typed(clock, box, (0, "D"), (3, "Du"), (4, "Dun"), (8, "Dune"))
        await asyncio.sleep(1)
        await Run(clock, box.close(), f"{words}; close() at second 9").ends(hint=2)
        await asyncio.sleep(30)
        expect(
            page.disturbed,
            [],
            f"{words}, close() at second 9; a search needs 9 seconds to end when it is "
            "cancelled; the searches that were cancelled once more in that time",
            hint=2,
        )

    play(story)


@check(
    "an exception of a search is reported, and the next change works as before",
    needs=cancels_the_old_search,
    timeout=BUSY,
)
def reports_failures(answer: Answer) -> None:
    """The search for Dune fails, the one for Emma is cancelled."""

    async def story(clock: Clock) -> None:
        error = ConnectionError("no answer")
        page = Search(clock, seconds=1, errors={"Dune": error})
        box = answer.Debounce(page.search, 2, page.reported.append)
        words = await typed(clock, box, (0, "Dune"), (10, "Emma"))
        words += "; the search for Dune raises ConnectionError"
        await asyncio.sleep(2.5)
        await typed(clock, box, (12.5, "Ulysses"))
        await asyncio.sleep(10)
        expect(
            page.begun[1:],
            [(12.0, "Emma"), (14.5, "Ulysses")],
            f"{words}, that for Emma is cancelled by changed('Ulysses') at second 12.5; the searches that "
            "began after Dune",
            hint=2,
        )
        expect(
            [str(one) for one in page.reported],
            ["no answer"],
            f"{words}, and that for Emma is cancelled by changed('Ulysses'); what was reported",
            hint=2,
        )
        require(page.reported[0] is error, f"{words}: what was reported is not that exception.", hint=2)

    play(story)


@check(
    "`close` cancels what waits and what is at work, and waits for the end of everything",
    needs=cancels_the_old_search,
    points=3,
    timeout=BUSY,
)
def closes(answer: Answer) -> None:
    """Nothing was typed, all is done, a text waits, a search is at work, old searches have not ended."""
    cases: tuple[tuple[str, tuple[tuple[float, str], ...], float, float, list[str], list[str]], ...] = (
        ("nothing was typed", (), 1, 1.0, [], []),
        ("all searches are done", ((0, "Dune"),), 9, 9.0, ["Dune"], []),
        ("the text waits", ((0, "Dune"),), 1, 1.0, [], []),
        ("the search is at work", ((0, "Dune"),), 3, 7.0, ["Dune"], ["Dune"]),
        (
            "the search for Du has been cancelled, has not ended, and Dune waits",
            ((0, "Du"), (3, "Dune")),
            4,
            7.0,
            ["Du"],
            ["Du"],
        ),
        (
            "the search for Du has been cancelled and has not ended, and that for Dune is at work",
            ((0, "Du"), (3, "Dune")),
            6,
            10.0,
            ["Du", "Dune"],
            ["Du", "Dune"],
        ),
    )

    async def story(
        clock: Clock,
        when: str,
        changes: tuple[tuple[float, str], ...],
        second: float,
        end: float,
        begun: list[str],
        cut: list[str],
    ) -> None:
        page = Search(clock, seconds=5, tidying=4)
        box = answer.Debounce(page.search, 2, page.reported.append)
        words = await typed(clock, box, *changes)
        await asyncio.sleep(second - clock.second)
        run = Run(
            clock,
            box.close(),
            f"{words}; close() at second {second:g}, when {when}; a search takes 5 seconds, "
            "and 4 seconds to end when it is cancelled",
        )
        mine = asyncio.current_task()
        run.known = {mine} if mine else set()
        await run.ends(hint=3)
        require(run.error is None, f"{run.words}: close() ended with {type(run.error).__name__}.", hint=3)
        require(
            page.running == 0,
            f"{run.words}: close() returned at second {run.second:g}, and a search had not ended.",
            hint=3,
        )
        require(
            run.left == 0,
            f"{run.words}: close() returned at second {run.second:g}, and {run.left} of the tasks "
            "had not ended.",
            hint=3,
        )
        expect([text for _, text in page.cut], cut, f"{run.words}; the searches that were cancelled", hint=3)
        expect(run.second, end, f"{run.words}; the second at which close() returned", hint=3)
        await asyncio.sleep(20)
        expect(
            [text for _, text in page.begun],
            begun,
            f"{run.words}; the searches that had begun, 20 seconds later",
            hint=3,
        )

    for case in cases:
        play(lambda clock, case=case: story(clock, *case))
