# different: it looks again at every turn of the loop, which costs work but is right
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
    tasks: list[asyncio.Task] = []
    failed: list[Exception] = []

    async def one(argument: Any) -> Any:
        try:
            return await function(argument)
        except Exception as error:
            failed.append(error)

    for argument in arguments:
        while sum(not task.done() for task in tasks) >= limit:
            await asyncio.sleep(0)
        if failed:
            break
        tasks.append(asyncio.create_task(one(argument)))
        await asyncio.sleep(0)
    if tasks:
        await asyncio.wait(tasks)
    if failed:
        raise failed[0]
    return [await task for task in tasks]
