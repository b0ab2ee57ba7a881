# caught by: respects_the_limit
# says: only one call has begun
"""Map a coroutine function over arguments, with a limit on how many calls run at once."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any


async def map_limited(function: Callable[[Any], Awaitable[Any]], arguments: Iterable[Any], limit: int) -> list[Any]:
    """Return `[await function(a) for a in arguments]`, with up to `limit` calls at once.

    Raises ValueError for a limit below 1, and the first exception of a call once no call is running.
    """
    if limit < 1:
        raise ValueError(f"limit must be 1 or more, not {limit}")
    return [await function(argument) for argument in arguments]
