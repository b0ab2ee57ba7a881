"""The evening is staged: each lookup, letter and the archive waits until the check lets it go on. No clock decides."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any
from unittest import mock

from course.check import Answer, check, expect, require

COPIES = {"Ulysses": 1, "Dune": 2, "Emma": 0}  # sorted in no way


class Evening:
    """What the program asks for, in `begun`; what `ended`, what was `cancelled`; and a gate before each end."""

    def __init__(self, *open_gates: str, fails: bool = False, copies: dict[str, int] = COPIES) -> None:
        self.copies = copies
        self.gates: dict[str, asyncio.Event] = {}
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.cancelled: list[str] = []
        self.tasks: set[Any] = set()  # those that have come to a gate
        self.fails = fails
        self.open(*open_gates)

    def open(self, *names: str) -> None:
        """Let what has one of these names go on, now or later."""
        for name in names:
            self.gate(name).set()

    def gate(self, name: str) -> asyncio.Event:
        """Return the gate with this name."""
        return self.gates.setdefault(name, asyncio.Event())

    async def pass_gate(self, what: str, gate: str) -> None:
        """Begin, wait for the gate, end."""
        self.tasks.add(asyncio.current_task())
        self.begun.append(what)
        try:
            await self.gate(gate).wait()
        except asyncio.CancelledError:
            self.cancelled.append(what)
            raise
        self.ended.append(what)

    async def look_up(self, title: str) -> int:
        """Return the copies of the title."""
        await self.pass_gate(f"look up {title}", title)
        return self.copies[title]

    async def write(self, title: str) -> None:
        """Write to the reader of the title."""
        await self.pass_gate(f"write {title}", "letters")

    async def archive(self) -> None:
        """Archive the day, or fail."""
        await self.pass_gate("archive", "archive")
        if self.fails:
            raise OSError("the archive is full")

    def all(self, first_word: str, begun: bool = False) -> list[str]:
        """Return what of one kind has ended (or begun), sorted."""
        return sorted(what for what in (self.begun if begun else self.ended) if what.startswith(first_word))


async def turns() -> None:
    """Let everybody who is ready have several turns."""
    for _ in range(50):
        await asyncio.sleep(0)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until `holds()`, for a number of turns, however long they take: what follows says what is missing."""
    for _ in range(50):
        await turns()
        if holds():
            return
        await asyncio.sleep(0.02)


def no_time_passes() -> AbstractContextManager[Any]:
    """Make every sleep end at once: who sleeps instead of awaiting has waited for nothing."""
    loop = asyncio.get_running_loop()
    call_later = loop.call_later
    return mock.patch.object(loop, "call_later", lambda _delay, *args, **context: call_later(0, *args, **context))


@asynccontextmanager
async def running(answer: Answer, evening: Evening) -> AsyncIterator[asyncio.Task[Any]]:
    """Run the answer's closing round as a task, which ends with the block, and so does all that it started."""
    call = answer.closing_round(list(evening.copies), evening.look_up, evening.write, evening.archive)
    require(inspect.iscoroutine(call), f"closing_round(...) gives a {type(call).__name__}, which cannot be awaited.",
            hint=1)
    task, loop = asyncio.create_task(call), asyncio.get_running_loop()
    handler = loop.get_exception_handler()
    loop.set_exception_handler(lambda _loop, _context: None)  # a failing archive is part of the plan: no log
    try:
        with no_time_passes():
            await turns()
        yield task
    finally:
        started = {task, *evening.tasks}
        for one in started:
            one.cancel()
        await until(lambda: all(one.done() for one in started))
        loop.set_exception_handler(handler)
        for one in started:
            if one.done() and not one.cancelled():
                one.exception()  # looked at, so that nothing is logged


async def ordinary(answer: Answer, copies: dict[str, int], words: str, hint: int | None = None) -> None:
    """An evening on which all is open and the archive does not fail."""
    async with running(answer, Evening("archive", "letters", *copies, copies=copies)) as task:
        await until(task.done)
        require(task.done(), f"{words}, and closing_round does not end.", hint=hint)
        error = task.exception()
        require(error is None, f"{words}, and closing_round raised {type(error).__name__}: {error}", hint=hint)
        expect(task.result(), copies, f"{words}, and closing_round returned something else", hint=hint)


@check("it returns the copies of all titles, in their order")
async def returns_the_copies(answer: Answer) -> None:
    """Everything ends at once, apart from the titles, which end in another order."""
    evening = Evening("archive", "letters")
    async with running(answer, evening) as task:
        for title in reversed(COPIES):
            evening.open(title)
            await turns()
        copies = await task
        expect(copies, COPIES, "closing_round(['Ulysses', 'Dune', 'Emma'], ...) returns something else", hint=1)
        expect(list(copies), list(COPIES), "The titles of what closing_round returns stand in another order", hint=2)


@check("all titles are asked for before the first has answered", needs=returns_the_copies)
async def asks_for_all_at_once(answer: Answer) -> None:
    """No gate of a title is open, and the archive is done at once."""
    evening = Evening("archive", "letters")
    lookups = ["look up Dune", "look up Emma", "look up Ulysses"]
    async with running(answer, evening) as task:
        expect(evening.all("look up", begun=True), lookups,
               "No branch has answered yet; the lookups that have begun", hint=1)
        evening.open(*COPIES)
        await until(task.done)
        expect(evening.all("look up", begun=True), lookups,
               "Each title has to be asked for once; the lookups of the whole evening", hint=2)


@check("each reader whose title is in has a letter when it returns, and no other has one", needs=returns_the_copies)
async def writes_the_letters(answer: Answer) -> None:
    """The letters take a while; they must have ended when the closing round ends."""
    evening = Evening("archive", *COPIES)
    async with running(answer, evening) as task:
        require(evening.all("write", begun=True) != [],
                "All branches have answered, and no letter was begun: is `write(title)` awaited?", hint=1)
        require(not task.done(), "The letters were begun but not finished, and closing_round has returned.", hint=1)
        evening.open("letters")
        await until(task.done)
        expect(evening.all("write"), ["write Dune", "write Ulysses"],
               "There are copies of Dune and Ulysses, none of Emma; the letters that were finished", hint=2)
    await ordinary(answer, {"Emma": 0}, "On an evening on which no title is in, nobody is written to")
    await ordinary(answer, {}, "On an evening on which no title is reserved, nobody is written to")


@check("the archive is under way together with the lookups, and is done when it returns", needs=returns_the_copies)
async def waits_for_the_archive(answer: Answer) -> None:
    """The archive takes longest of all, then shortest."""
    evening = Evening("letters")
    async with running(answer, evening) as task:
        require("archive" in evening.begun, "The lookups are waiting for answers, and `archive()` has not begun.",
                hint=2)
        require(evening.all("look up", begun=True) != [],
                "`archive()` is not done yet, and no lookup has begun: they wait for it.", hint=2)
        evening.open(*COPIES)
        await until(lambda: evening.all("write") == ["write Dune", "write Ulysses"])
        await turns()
        require(not task.done(), "The archive is still being written, and closing_round has returned.", hint=2)
        evening.open("archive")
        await until(task.done)
        require(task.done(), "The archive is done, and so are the letters; closing_round does not return.", hint=2)


@check("when the archive fails, its exception comes out of closing_round, and the letters are written",
       needs=waits_for_the_archive)
async def passes_the_failure_on(answer: Answer) -> None:
    """The archive fails before the first branch has answered, the letters take longest; the next evening is fine."""
    evening = Evening("archive", fails=True)
    async with running(answer, evening) as task:
        evening.open(*COPIES)
        await until(lambda: task.done() or evening.all("write", begun=True) != [])
        await turns()
        require(evening.cancelled == [], "`archive()` raised OSError, and this was cancelled: "
                                         f"{', '.join(sorted(evening.cancelled))}. All letters have to be written.",
                hint=3)
        require(not task.done(), "`archive()` raised OSError, and closing_round ended before the letters were written.",
                hint=3)
        evening.open("letters")
        await until(task.done)
        require(task.done(), "`archive()` raised OSError, all else went well, and closing_round does not end.", hint=3)
        error = task.exception()
        require(error is not None, "`archive()` raised OSError, and closing_round returned as if nothing were wrong.",
                hint=3)
        expect((type(error).__name__, str(error)), ("OSError", "the archive is full"),
               "`archive()` raised an exception, and closing_round raises another", hint=3)
        expect(evening.all("write"), ["write Dune", "write Ulysses"],
               "`archive()` raised OSError before the first branch had answered; the letters that were written all the "
               "same", hint=3)
    await ordinary(answer, COPIES, "The archive failed on one evening, and on the next evening all went well", hint=3)
