"""Each snippet is run here, and what it writes is compared with the list in the answer."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from course.check import Answer, check, require

Say = Callable[[str], None]


async def snippet_1(say: Say) -> None:
    """Made, then awaited."""
    async def reserve(title: str) -> None:
        say(f"{title} is reserved")

    call = reserve("Dune")
    say("called")
    await call
    say("awaited")


async def snippet_2(say: Say) -> None:
    """A task, a coroutine, and a stop."""
    async def ring() -> None:
        say("bell")

    async def open_door() -> None:
        say("door")

    ringing = asyncio.create_task(ring())
    await open_door()
    say("light")
    await asyncio.sleep(0)
    say("desk")
    await ringing
    say("open")


async def snippet_3(say: Say) -> None:
    """Three members with different numbers of books."""
    async def member(name: str, books: int) -> None:
        for number in range(books):
            say(f"{name} book {number}")
            await asyncio.sleep(0)
        say(f"{name} leaves")

    await asyncio.gather(member("Ada", 2), member("Bo", 1), member("Cy", 0))
    say("closed")


async def snippet_4(say: Say) -> None:
    """Two members wait for one answer."""
    reply: asyncio.Future[str] = asyncio.Future()

    async def wait(name: str) -> None:
        say(f"{name} asks")
        say(f"{name} gets {await reply}")

    members = [asyncio.create_task(wait(name)) for name in ("Ada", "Bo")]
    await asyncio.sleep(0)
    reply.set_result("Dune")
    say("answered")
    say(f"desk reads {await reply}")
    await members[1]
    say("Bo is done")


async def snippet_5(say: Say) -> None:
    """Two lookups are cancelled, one of them early."""
    async def look_up(branch: str) -> None:
        say(f"{branch} begins")
        try:
            await asyncio.Future()
        finally:
            say(f"{branch} stops")

    castle = asyncio.create_task(look_up("Castle"))
    await asyncio.sleep(0)
    mill = asyncio.create_task(look_up("Mill"))
    castle.cancel()
    mill.cancel()
    say("cancelled both")
    await asyncio.wait([castle, mill])
    say("end")


async def snippet_6(say: Say) -> None:
    """The same two lookups, first as coroutines, then as tasks."""
    async def ask(branch: str, stops: int) -> None:
        say(f"{branch}?")
        for _ in range(stops):
            await asyncio.sleep(0)
        say(f"{branch}!")

    calls = [ask("Harbour", 2), ask("Castle", 1)]
    say("calls")
    for call in calls:
        await call
    again = [ask("Harbour", 2), ask("Castle", 1)]
    tasks = [asyncio.create_task(call) for call in again]
    say("tasks")
    for task in tasks:
        await task


def require_lines(lines: Any, name: str) -> None:
    """Require a list of strings; a tuple will do."""
    require(type(lines) in (list, tuple),
            f"{name}: this is a value of type {type(lines).__name__}; write a list of strings, in square brackets.")
    require(... not in lines, f"{name}: the list still holds `...`; put the lines in its place, each as a string.")
    for line in lines:
        require(type(line) is str, f"{name}: the list holds {line!r}; write each line as a string, in quotes.")


def letters(line: str) -> str:
    """What is left of a line when capitals and spaces do not count."""
    return "".join(line.casefold().split())


async def compare(lines: Any, snippet: Callable[[Say], Coroutine[Any, Any, None]], hint: int) -> None:
    """Run the snippet, and require that `lines` is what it writes; say how far it is right, and no more."""
    name = snippet.__name__.replace("_", " ").capitalize()
    written: list[str] = []
    require_lines(lines, name)
    await snippet(written.append)
    right = 0
    while right < min(len(lines), len(written)) and lines[right] == written[right]:
        right += 1
    top = f"{name}: {right} of your lines, counted from the top, {'is' if right == 1 else 'are'} right"
    if right < len(lines):
        line = lines[right]
        for other in written:
            require(line == other or letters(line) != letters(other),
                    f"{name}: your line {line!r} is spelt {other!r} in the snippet: look at capitals and spaces.")
        require(False, f"{top}. Your next line, {line!r}, does not come there.", hint=hint)
    require(right == len(written), f"{top}, and more is written after them.", hint=hint)


@check("the order of snippet 1 is right: called and awaited are two things")
async def snippet_1_is_right(answer: Answer) -> None:
    """A coroutine is made first and awaited later."""
    await compare(answer.order_1, snippet_1, hint=1)


@check("the order of snippet 2 is right: who stops, and who only calls")
async def snippet_2_is_right(answer: Answer) -> None:
    """A task waits until somebody stops."""
    await compare(answer.order_2, snippet_2, hint=1)


@check("the order of snippet 3 is right: the queue is first in, first out")
async def snippet_3_is_right(answer: Answer) -> None:
    """Three tasks take turns."""
    await compare(answer.order_3, snippet_3, hint=2)


@check("the order of snippet 4 is right: who is woken, and when it runs")
async def snippet_4_is_right(answer: Answer) -> None:
    """A future is given a result while two wait for it."""
    await compare(answer.order_4, snippet_4, hint=2)


@check("the order of snippet 5 is right: when a cancellation arrives")
async def snippet_5_is_right(answer: Answer) -> None:
    """One task has begun when it is cancelled, and one has not."""
    await compare(answer.order_5, snippet_5, hint=2)


@check("the order of snippet 6 is right: coroutines in a list, and tasks in a list")
async def snippet_6_is_right(answer: Answer) -> None:
    """The same calls twice."""
    await compare(answer.order_6, snippet_6, hint=1)
