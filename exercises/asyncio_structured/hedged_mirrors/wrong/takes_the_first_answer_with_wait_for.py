# caught by: takes_the_first_answer
# says: raises TimeoutError
"""Ask one mirror, and a second one when the first lets you wait; the first answer wins."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Ask = Callable[[], Awaitable[Any]]


async def hedged(first: Ask, second: Ask, patience: float) -> Any:
    """Return the first answer; `second` is asked after `patience` seconds, or when `first` has failed.

    Raises an ExceptionGroup when both fail. No mirror is at work any more when this ends.
    """
    try:
        return await asyncio.wait_for(first(), patience)
    except TimeoutError:
        return await asyncio.wait_for(second(), patience)
