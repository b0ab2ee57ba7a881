# caught by: gives_each_its_result
# says: The calls return None
"""Map a coroutine function over arguments, with a limit on how many calls run at once."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Any


async def map_limited(function: Callable[[Any], Awaitable[Any]], arguments: Iterable[Any], limit: int) -> list[Any]:
    """Return `[await function(a) for a in arguments]`, with up to `limit` calls at once.

    Raises ValueError for a limit below 1, and the first exception of a call once no call is running.
    """
    if limit < 1:
        raise ValueError(f"limit must be 1 or more, not {limit}")
    places = asyncio.Semaphore(limit)
    failed = []

    async def one(argument):
        async with places:
            if failed:
                return None
            try:
                return await function(argument)
            except Exception as error:
                failed.append(error)

    results = await asyncio.gather(*[one(argument) for argument in arguments])
    if failed:
        raise failed[0]
    return [result for result in results if result is not None]
