"""A client that does nothing by itself: the check holds its callbacks, and calls them when it likes."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from course.check import Answer, check, expect, require


class Client:
    """Keeps the callbacks of each title; answers from `cache` at once, with each of the numbers there."""

    def __init__(self, cache: dict[str, list[int]] | None = None) -> None:
        self.cache = cache or {}
        self.raised: list[str] = []  # by a callback, into the client
        self.asked: list[str] = []
        self.answered: dict[str, Callable[[int], None]] = {}
        self.failed: dict[str, Callable[[Exception], None]] = {}
        self.withdrawn: list[int] = []

    def look_up(self, title: str, answered: Callable[[int], None], failed: Callable[[Exception], None]) -> int:
        """Remember whom to call; the ticket is 100 and the number of the request."""
        self.asked.append(title)
        self.answered[title], self.failed[title] = answered, failed
        for copies in self.cache.get(title, []):
            try:
                answered(copies)
            except Exception as error:
                self.raised.append(type(error).__name__)
        return 100 + len(self.asked)

    def withdraw(self, ticket: int) -> None:
        """Remember what was given back."""
        self.withdrawn.append(ticket)


async def turns() -> None:
    """Let everybody who is ready have several turns."""
    for _ in range(20):
        await asyncio.sleep(0)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until `holds()`, for a number of turns, however long they take: what follows says what is missing."""
    for _ in range(50):
        await turns()
        if holds():
            return
        await asyncio.sleep(0.02)


@asynccontextmanager
async def waiting(answer: Answer, client: Client, title: str) -> AsyncIterator[asyncio.Task[Any]]:
    """Await `copies_of(client, title)` in a task that has asked and now waits; it ends with the block."""
    call = answer.copies_of(client, title)
    require(inspect.iscoroutine(call), f"copies_of(...) gives a {type(call).__name__}, which cannot be awaited.",
            hint=1)
    task = asyncio.create_task(call)
    try:
        await turns()
        expect(client.asked, [title], f"copies_of(client, {title!r}) was awaited; the titles it asked the client for",
               hint=1)
        yield task
    finally:
        task.cancel()
        await until(task.done)
        if not task.cancelled():
            task.exception()  # looked at, so that nothing is logged


def call_back(callback: Callable[[Any], Any], value: Any, when: str) -> None:
    """Call a function of the answer, as the client would; it must not raise."""
    try:
        callback(value)
    except BaseException as error:
        require(False, f"The client called back {when}, and your function raised {type(error).__name__} into it.",
                hint=2)


@check("it waits for the answer, and returns it")
async def returns_the_answer(answer: Answer) -> None:
    """The answer comes after several turns; 0 is one like others."""
    for copies in (2, 0):
        client, words = Client(), f"The client called back with {copies} copies"
        async with waiting(answer, client, "Dune") as task:
            require(not task.done(), "copies_of(client, \"Dune\") ended before the client had called back.", hint=1)
            call_back(client.answered["Dune"], copies, f"with {copies} copies")
            await until(task.done)
            require(task.done(), f"{words}, and copies_of still waits.", hint=1)
            error = task.exception()
            require(error is None, f"{words}, and copies_of raised {type(error).__name__}: {error}", hint=1)
            expect(task.result(), copies, f"{words}; copies_of gives something else", hint=1)


@check("a future wakes it: while it waits, it takes no turns", needs=returns_the_answer)
async def sleeps_until_woken(answer: Answer) -> None:
    """Driven by hand, as in the lesson: what comes out of `send` is what it waits for."""
    client = Client()
    call = answer.copies_of(client, "Dune")
    try:
        waits_for = call.send(None)
        require(asyncio.isfuture(waits_for),
                "While it waits it takes one turn after the other (`send` gave no future): let a future wake it.",
                hint=1)
        await asyncio.sleep(0.2)  # any shorter timer that it may have set is due before this one
        require(not waits_for.done(), "Nobody has called back, and it was woken within 0.2 s: "
                                      "it looks from time to time whether the answer is there.", hint=1)
        call_back(client.answered["Dune"], 2, "with 2 copies")
        await turns()
        require(waits_for.done(), "The client called back, and the future that is waited for is still not done.",
                hint=1)
    finally:
        call.close()


@check("what the client reports as failed is raised at the await", needs=returns_the_answer)
async def raises_the_error(answer: Answer) -> None:
    """The error is the very object that was handed over."""
    client, error = Client(), LookupError("Emma")
    async with waiting(answer, client, "Emma") as task:
        call_back(client.failed["Emma"], error, "with LookupError(\"Emma\")")
        await until(task.done)
        require(task.done(), "The client called `failed`, and copies_of still waits.", hint=2)
        raised = None if task.cancelled() else task.exception()
        require(raised is not None, "The client called `failed`, and copies_of raised nothing.", hint=2)
        expect((type(raised).__name__, str(raised)), ("LookupError", "Emma"),
               "The client called failed(LookupError(\"Emma\")), and copies_of raises something else", hint=2)


async def answered_at_once(answer: Answer, numbers: list[int]) -> None:
    """Answer from the cache, with each of the numbers; the first counts."""
    client = Client(cache={"Dune": numbers})
    words = f"The client answered {' and then '.join(map(str, numbers))} before look_up returned"
    async with waiting(answer, client, "Dune") as task:
        await until(task.done)
        require(client.raised == [], f"{words}, and your function raised {', '.join(client.raised)} into it.", hint=2)
        require(task.done(), f"{words}, and copies_of waits for ever.", hint=2)
        expect(await task, numbers[0], f"{words}; copies_of gives something else", hint=2)


@check("an answer that comes before `look_up` returns is fine, and so is a second one", needs=returns_the_answer)
async def takes_the_first_of_two(answer: Answer) -> None:
    """From the cache, at once, and once more; then two answers to one request, and an error after an answer."""
    await answered_at_once(answer, [2])
    for first, second in ((2, "answered"), (2, "failed"), (0, "answered")):
        client = Client()
        async with waiting(answer, client, "Dune") as task:
            call_back(client.answered["Dune"], first, f"with {first} copies")
            late: Any = 5 if second == "answered" else LookupError("Dune")
            call_back(getattr(client, second)["Dune"], late, f"a second time, with {late!r}")
            await until(task.done)
            words = f"The client answered {first} and then called {second}({late!r})"
            require(task.done(), f"{words}, and copies_of still waits.", hint=2)
            error = task.exception()
            require(error is None, f"{words}, and copies_of raised {type(error).__name__}: {error}", hint=2)
            expect(task.result(), first, f"{words}; copies_of gives", hint=2)
    await answered_at_once(answer, [2, 5])


@check("two lookups at the same time do not mix up their answers", needs=returns_the_answer)
async def keeps_lookups_apart(answer: Answer) -> None:
    """The second is answered first."""
    one, two = Client(), Client()
    async with waiting(answer, one, "Dune") as dune, waiting(answer, two, "Emma") as emma:
        call_back(two.answered["Emma"], 7, "with 7 copies of Emma")
        await turns()
        require(not dune.done(), "Emma was answered, and the lookup of Dune, still waiting, ended with it.", hint=1)
        call_back(one.answered["Dune"], 2, "with 2 copies of Dune")
        await until(lambda: dune.done() and emma.done())
        for title, task in (("Dune", dune), ("Emma", emma)):
            require(task.done(), f"Emma was answered, then Dune, and the lookup of {title} still waits: what belongs "
                                 "to one lookup must not be shared by both.", hint=1)
        expect([await dune, await emma], [2, 7], "Dune was answered with 2, Emma with 7; the two lookups give", hint=1)


@check("a wait that is cancelled withdraws the request, and a late answer does no harm", needs=takes_the_first_of_two)
async def withdraws_when_cancelled(answer: Answer) -> None:
    """Cancelled while it waits; then answered all the same. And not withdrawn when an answer or an error came."""
    client = Client()
    async with waiting(answer, client, "Dune") as task:
        task.cancel()
        await until(task.done)
        expect(client.withdrawn, [101], "The waiting task was cancelled; the tickets that were withdrawn", hint=3)
        require(task.cancelled(), "The waiting task was cancelled, and ended as if it had not been: "
                                  "pass the CancelledError on.", hint=3)
        call_back(client.answered["Dune"], 2, "after the wait was cancelled")
    client = Client()
    async with waiting(answer, client, "Dune") as task:
        call_back(client.answered["Dune"], 2, "with 2 copies")
        await task
        expect(client.withdrawn, [], "The request was answered; the tickets that were withdrawn all the same", hint=3)
        call_back(client.answered["Dune"], 5, "a second time, with 5")
        expect(client.withdrawn, [], "The request was answered twice; the tickets that were withdrawn", hint=3)
    client = Client()
    async with waiting(answer, client, "Emma") as task:
        call_back(client.failed["Emma"], LookupError("Emma"), "with LookupError(\"Emma\")")
        await until(task.done)
        expect(client.withdrawn, [], "The request has failed; the tickets that were withdrawn all the same", hint=3)
    for called, value in (("answered", 2), ("failed", LookupError("Dune"))):
        client = Client()
        async with waiting(answer, client, "Dune") as task:
            call_back(getattr(client, called)["Dune"], value, f"with {value!r}")
            task.cancel()  # it has had no turn since, and cannot know yet
            await until(task.done)
            expect(client.withdrawn, [], f"The client called {called}({value!r}), and the task was cancelled before "
                                         "its next turn; the tickets that were withdrawn, though the request is over",
                   hint=3)
