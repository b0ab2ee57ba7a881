# caught by: raises_the_error
# says: then call 1 ended; the calls begun by then
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
        while queue:
            place, argument = queue.popleft()
            try:
                results[place] = await function(argument)
            except Exception as error:
                failed.append(error)
                return
    await asyncio.gather(*[worker() for _ in range(limit)])
    if failed:
        raise failed[0]
    return results
