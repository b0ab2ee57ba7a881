# different: the pauses come from a generator, and what is left is asked of the block itself
"""Ask a branch again and again, with growing pauses, until it answers or time is up."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

Result = TypeVar("Result")


def pauses() -> Iterator[int]:
    """Yield 1, 2, 4, and so on."""
    pause = 1
    while True:
        yield pause
        pause *= 2


async def retry(ask: Callable[[], Awaitable[Result]], seconds: float) -> Result:
    """Return what `ask()` returns, asking again after a ConnectionError; all of it takes at most `seconds`.

    Raises TimeoutError when the deadline cuts a call off, and the last ConnectionError when no pause fits.
    """
    async with asyncio.timeout(seconds) as limit:
        for pause in pauses():
            try:
                return await ask()
            except ConnectionError:
                if asyncio.get_running_loop().time() + pause >= limit.when():
                    raise
            await asyncio.sleep(pause)
    raise AssertionError("the pauses never end")
