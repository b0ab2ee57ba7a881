# caught by: asks_the_first_alone
# says: returns something else
"""Ask one mirror, and a second one when the first lets you wait; the first answer wins."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Ask = Callable[[], Awaitable[Any]]


async def hedged(first: Ask, second: Ask, patience: float) -> Any:
    """Return the first answer; `second` is asked after `patience` seconds, or when `first` has failed.

    Raises an ExceptionGroup when both fail. No mirror is at work any more when this ends.
    """
    tasks = [asyncio.ensure_future(first()), asyncio.ensure_future(second())]
    try:
        waiting = set(tasks)
        while waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if task.exception() is None:
                    return task.result()
        raise ExceptionGroup("no mirror has answered", [task.exception() for task in tasks])
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
