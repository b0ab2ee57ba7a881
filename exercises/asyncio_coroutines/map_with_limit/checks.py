"""A branch office stands in for `function`: each call waits until the check lets it answer. No clock decides."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from course.check import Answer, check, expect, require


class Office:
    """Takes calls, notes them, and answers a call when told to."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.running: set[int] = set()
        self.most = 0
        self.replies: dict[int, asyncio.Future[str]] = {}

    async def ask(self, number: int) -> str:
        """Wait for the reply to this number."""
        self.begun.append(number)
        self.running.add(number)
        self.most = max(self.most, len(self.running))
        try:
            return await self.replies.setdefault(number, asyncio.Future())
        finally:
            self.running.discard(number)

    def answer(self, *numbers: int) -> None:
        """Let these calls return."""
        for number in numbers:
            self.replies.setdefault(number, asyncio.Future()).set_result(f"branch {number}")


async def turns(number: int = 50) -> None:
    """Let everybody who is ready have several turns."""
    for _ in range(number):
        await asyncio.sleep(0)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until `holds()`, and no longer than a second: what follows says what is missing."""
    for _ in range(50):
        await turns()
        if holds():
            return
        await asyncio.sleep(0.02)


@asynccontextmanager
async def mapping(answer: Answer, office: Office, numbers: list[int], limit: int) -> AsyncIterator[asyncio.Task[Any]]:
    """Run the answer's map as a task, which ends with the block."""
    call = answer.map_limited(office.ask, numbers, limit)
    require(inspect.iscoroutine(call), f"map_limited(...) gives a {type(call).__name__}, which cannot be awaited.",
            hint=1)
    task = asyncio.create_task(call)
    try:
        await turns()
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task], timeout=1)
        if not task.cancelled():
            task.exception()  # looked at, so that nothing is logged


@check("the results stand in the order of the arguments")
async def keeps_order(answer: Answer) -> None:
    """The last is answered first; then a call with fewer arguments than the limit, and one with none."""
    office = Office()
    async with mapping(answer, office, [1, 2, 3], 3) as task:
        for number in (3, 1, 2):
            office.answer(number)
            await turns()
        expect(await task, ["branch 1", "branch 2", "branch 3"],
               "map_limited(ask, [1, 2, 3], 3), where 3 was answered first and 2 last, gives something else", hint=1)
    office = Office()
    office.answer(7)
    expect(await answer.map_limited(office.ask, [7], 5), ["branch 7"], "map_limited(ask, [7], 5) gives something else")
    expect(await answer.map_limited(office.ask, [], 2), [], "map_limited(ask, [], 2) does not give an empty list")


@check("never more than `limit` calls are running", needs=keeps_order)
async def respects_the_limit(answer: Answer) -> None:
    """Nobody is answered, so what has begun is running."""
    office = Office()
    async with mapping(answer, office, [1, 2, 3, 4, 5], 2) as task:
        expect(sorted(office.begun), [1, 2],
               "map_limited(ask, [1, 2, 3, 4, 5], 2), with nobody answered yet, has begun other calls", hint=1)
        office.answer(1, 2, 3, 4, 5)
        await task
        expect(office.most, 2, "With a limit of 2, this is how many calls were running at once", hint=2)
        expect(sorted(office.begun), [1, 2, 3, 4, 5], "Not each argument was called exactly once", hint=2)


@check("the next call begins as soon as one has ended", needs=respects_the_limit)
async def begins_the_next_at_once(answer: Answer) -> None:
    """The first call takes longest: all others must get by on the second place."""
    office = Office()
    async with mapping(answer, office, [1, 2, 3, 4], 2) as task:
        for number, begun in ((2, [1, 2, 3]), (3, [1, 2, 3, 4])):
            office.answer(number)
            await until(lambda begun=begun: sorted(office.begun) == begun)
            expect(sorted(office.begun), begun,
                   f"With a limit of 2, call 1 was still running when {number} ended; the calls begun by then", hint=2)
        office.answer(1, 4)
        await task


@check("after an exception no further call begins, and it is raised when the others have ended",
       needs=respects_the_limit, points=2)
async def raises_the_error(answer: Answer) -> None:
    """Two of four are running when the second fails; the first ends later."""
    office = Office()
    async with mapping(answer, office, [1, 2, 3, 4], 2) as task:
        office.replies[2].set_exception(ConnectionError("branch 2 is closed"))
        await turns()
        expect(sorted(office.begun), [1, 2], "Call 2 of 4 raised ConnectionError; the calls begun by then", hint=3)
        require(not task.done(),
                "Call 2 raised ConnectionError while call 1 was running, and map_limited ended without waiting for 1.",
                hint=3)
        require(office.running == {1}, "Call 2 raised ConnectionError, and call 1, still waiting, was stopped.", hint=3)
        office.answer(1)
        await asyncio.wait([task], timeout=1)
        require(task.done(), "Call 2 has raised, call 1 has ended, and map_limited does not end.", hint=3)
        error = task.exception()
        require(error is not None, "Call 2 raised ConnectionError, but map_limited returned as if nothing were wrong.",
                hint=3)
        expect((type(error).__name__, str(error)), ("ConnectionError", "branch 2 is closed"),
               "Call 2 raised an exception, and map_limited raises another", hint=3)
        expect(sorted(office.begun), [1, 2], "After call 2 of 4 had raised and call 1 had ended, others began", hint=3)


@check("a limit below 1 is refused with ValueError", needs=keeps_order)
async def refuses_a_bad_limit(answer: Answer) -> None:
    """Zero and less."""
    for limit in (0, -1):
        office = Office()
        office.answer(1)
        try:
            await asyncio.wait_for(answer.map_limited(office.ask, [1], limit), 1)
        except ValueError:
            expect(office.begun, [], f"map_limited(ask, [1], {limit}) raises ValueError, but has called", hint=1)
        except TimeoutError:
            require(False, f"map_limited(ask, [1], {limit}) waits for ever instead of raising ValueError.", hint=1)
        else:
            require(False, f"map_limited(ask, [1], {limit}) does not raise ValueError.", hint=1)
