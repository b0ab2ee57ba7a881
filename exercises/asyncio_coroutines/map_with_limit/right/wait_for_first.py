# different: one function that keeps `limit` tasks and waits for the first of them to end
"""Map a coroutine function over arguments, with a limit on how many calls run at once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any


async def map_limited(function: Callable[[Any], Awaitable[Any]], arguments: Iterable[Any], limit: int) -> list[Any]:
    """Return `[await function(a) for a in arguments]`, with up to `limit` calls at once.

    Raises ValueError for a limit below 1, and the first exception of a call once no call is running.
    """
    if limit < 1:
        raise ValueError(f"limit must be 1 or more, not {limit}")
    waiting = iter(arguments)
    tasks: list[asyncio.Task] = []
    running: set[asyncio.Task] = set()
    failed: list[BaseException] = []
    while True:
        while len(running) < limit and not failed:
            try:
                argument = next(waiting)
            except StopIteration:
                break
            task = asyncio.ensure_future(function(argument))
            tasks.append(task)
            running.add(task)
        if not running:
            break
        ended, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        failed += [error for task in ended if (error := task.exception())]
    if failed:
        raise failed[0]
    return [task.result() for task in tasks]
