# caught by: pauses_grow
# says: fails seven times
"""Ask a branch again and again, with growing pauses, until it answers or time is up."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Result = TypeVar("Result")


async def retry(ask: Callable[[], Awaitable[Result]], seconds: float) -> Result:
    """Return what `ask()` returns, asking again after a ConnectionError; all of it takes at most `seconds`.

    Raises TimeoutError when the deadline cuts a call off, and the last ConnectionError when no pause fits.
    """
    clock = asyncio.get_running_loop()
    deadline = clock.time() + seconds
    pause = 1.0
    async with asyncio.timeout_at(deadline):
        while True:
            try:
                return await ask()
            except ConnectionError:
                if clock.time() + pause >= deadline:
                    raise
            await asyncio.sleep(pause)
