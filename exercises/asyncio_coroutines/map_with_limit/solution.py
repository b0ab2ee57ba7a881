"""Map a coroutine function over arguments, with a limit on how many calls run at once."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Any


async def map_limited(function: Callable[[Any], Awaitable[Any]], arguments: Iterable[Any], limit: int) -> list[Any]:
    """Return `[await function(a) for a in arguments]`, with up to `limit` calls at once.

    Raises ValueError for a limit below 1, and the first exception of a call once no call is running.
    """
    # >>> start `limit` workers that share one queue of arguments
    if limit < 1:
        raise ValueError(f"limit must be 1 or more, not {limit}")
    queue = deque(enumerate(arguments))
    results: list[Any] = [None] * len(queue)
    errors: list[Exception] = []

    async def work() -> None:
        while queue:
            place, argument = queue.popleft()  # no await between the test and this: nobody comes between
            try:
                results[place] = await function(argument)
            except Exception as error:
                errors.append(error)
                queue.clear()  # no worker finds anything more to begin

    await asyncio.gather(*[work() for _ in range(min(limit, len(results)))])
    if errors:
        raise errors[0]
    return results
    # <<<
