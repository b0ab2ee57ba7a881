# different: two tasks from the beginning; the second one waits for its turn by itself
"""Ask one mirror, and a second one when the first lets you wait; the first answer wins."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

Ask = Callable[[], Awaitable[Any]]


async def hedged(first: Ask, second: Ask, patience: float) -> Any:
    """Return the first answer; `second` is asked after `patience` seconds, or when `first` has failed.

    Raises an ExceptionGroup when both fail. No mirror is at work any more when this ends.
    """
    go = asyncio.Event()

    async def ask_first() -> Any:
        try:
            return await first()
        except Exception:
            go.set()
            raise

    async def ask_second() -> Any:
        with suppress(TimeoutError):
            await asyncio.wait_for(go.wait(), patience)
        return await second()

    tasks = [asyncio.create_task(ask_first()), asyncio.create_task(ask_second())]
    try:
        for next_one in asyncio.as_completed(tasks):
            try:
                return await next_one
            except Exception:
                continue
        raise ExceptionGroup("no mirror has answered", [task.exception() for task in tasks])
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
