# different: `wait_for` with what is left of the time, around each call
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
    number = 0
    while True:
        try:
            return await asyncio.wait_for(ask(), deadline - clock.time())
        except ConnectionError:
            pause = 2**number
            if clock.time() + pause >= deadline:
                raise
        await asyncio.sleep(pause)
        number += 1
