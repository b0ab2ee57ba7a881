"""A branch office stands in for `function`: each call waits until the check lets it answer. No clock decides."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Iterable
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
    """Wait until `holds()`, for a number of turns, however long they take: what follows says what is missing."""
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
        await until(task.done)
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


async def mapped(answer: Answer, function: Callable[[Any], Any], arguments: Iterable[Any], words: str) -> Any:
    """Return what the answer's map gives with a limit of 2; an exception is a fault, told with `words`."""
    task = asyncio.ensure_future(answer.map_limited(function, arguments, 2))
    await until(task.done)
    require(task.done(), f"{words}: map_limited does not end.")
    error = task.exception()
    require(error is None, f"{words}: map_limited raised {type(error).__name__}: {error}")
    return task.result()


@check("each argument has its own result: those of a generator, equal ones, and those whose result is None",
       needs=keeps_order)
async def gives_each_its_result(answer: Answer) -> None:
    """A generator has no length; equal arguments are two calls; None, 0 and "" are like others, in and out."""
    async def double(number: int) -> int:
        return 2 * number

    words = "The arguments come from a generator, (number for number in [1, 2, 3])"
    expect(await mapped(answer, double, (number for number in [1, 2, 3]), words), [2, 4, 6],
           f"{words}, and are doubled; the results", hint=2)
    calls: list[str] = []

    async def count(title: str) -> int:
        calls.append(title)
        return len(calls)

    words = "The arguments are ['Dune', 'Dune'], and each call gives its own number"
    results = await mapped(answer, count, ["Dune", "Dune"], words)
    expect(sorted(results, key=repr), [1, 2], f"{words}; the results, sorted", hint=2)
    nothing = {1: None, 2: 0, 3: ""}

    async def look_up(number: int) -> Any:
        return nothing[number]

    words = "The calls return None, 0 and ''"
    expect(await mapped(answer, look_up, [1, 2, 3], words), [None, 0, ""], f"{words}; the results", hint=2)

    async def show(argument: Any) -> str:
        return f"called with {argument!r}"

    words = "The arguments are [0, None, ''], and each call tells its own"
    expect(await mapped(answer, show, [0, None, ""], words), ["called with 0", "called with None", "called with ''"],
           f"{words}; the results", hint=2)


@check("never more than `limit` calls are running", needs=keeps_order)
async def respects_the_limit(answer: Answer) -> None:
    """Nobody is answered, so what has begun is running."""
    office = Office()
    async with mapping(answer, office, [1, 2, 3, 4, 5], 2) as task:
        require(len(office.begun) != 1, "With a limit of 2, and nobody answered yet, only one call has begun: "
                                        "a second could run beside it.", hint=1)
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
        require(office.running == {1}, "Call 2 raised ConnectionError, and call 1, which was running, was cancelled: "
                                       "let it end.", hint=3)
        require(not task.done(),
                "Call 2 raised ConnectionError while call 1 was running, and map_limited ended without waiting for 1.",
                hint=3)
        office.answer(1)
        await until(task.done)
        expect(sorted(office.begun), [1, 2], "Call 2 of 4 raised, then call 1 ended; the calls begun by then", hint=3)
        require(task.done(), "Call 2 has raised, call 1 has ended, and map_limited does not end.", hint=3)
        error = task.exception()
        require(error is not None, "Call 2 raised ConnectionError, but map_limited returned as if nothing were wrong.",
                hint=3)
        expect((type(error).__name__, str(error)), ("ConnectionError", "branch 2 is closed"),
               "Call 2 raised an exception, and map_limited raises another", hint=3)
    for first, second in ((2, 1), (1, 2)):
        office = Office()
        async with mapping(answer, office, [1, 2], 2) as task:
            for number in (first, second):
                office.replies[number].set_exception(ConnectionError(f"branch {number} is closed"))
                await asyncio.sleep(0.05)  # an answer that looks from time to time sees one before the other
            await until(task.done)
            require(task.done(), f"Call {first} has raised, then call {second}, and map_limited does not end.", hint=3)
            expect(str(task.exception()), f"branch {first} is closed",
                   f"Call {first} raised an exception, then call {second} another; map_limited raises", hint=3)


@check("a limit below 1 is refused with ValueError", needs=keeps_order)
async def refuses_a_bad_limit(answer: Answer) -> None:
    """Zero and less, and zero where there is nothing to do."""
    for arguments, limit in (([1], 0), ([1], -1), ([], 0)):
        tried = f"map_limited(ask, {arguments}, {limit})"
        office = Office()
        office.answer(1)
        try:
            await asyncio.wait_for(answer.map_limited(office.ask, arguments, limit), 1)
        except ValueError:
            expect(office.begun, [], f"{tried} raises ValueError, but has called", hint=1)
        except TimeoutError:
            require(False, f"{tried} waits for ever instead of raising ValueError.", hint=1)
        else:
            require(False, f"{tried} does not raise ValueError.", hint=1)
