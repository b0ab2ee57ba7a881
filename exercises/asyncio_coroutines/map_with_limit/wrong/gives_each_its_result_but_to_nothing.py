# caught by: gives_each_its_result
# says: The arguments are [0, None, '']
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
        raise ValueError("limit")
    queue = deque(enumerate(arguments))
    results, failed = [None] * len(queue), []
    async def worker():
        while queue and not failed:
            place, argument = queue.popleft()
            if not argument:
                continue
            try:
                results[place] = await function(argument)
            except Exception as error:
                failed.append(error)
    await asyncio.gather(*[worker() for _ in range(limit)])
    if failed:
        raise failed[0]
    return results
