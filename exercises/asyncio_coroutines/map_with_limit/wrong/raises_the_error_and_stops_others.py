# caught by: raises_the_error
# says: was cancelled: let it end
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
    queue = deque(enumerate(arguments))
    results: list[Any] = [None] * len(queue)

    async def work() -> None:
        while queue:
            place, argument = queue.popleft()
            results[place] = await function(argument)

    workers = [asyncio.create_task(work()) for _ in range(limit)]
    try:
        await asyncio.gather(*workers)
    except Exception:
        for worker in workers:
            worker.cancel()
        raise
    return results
