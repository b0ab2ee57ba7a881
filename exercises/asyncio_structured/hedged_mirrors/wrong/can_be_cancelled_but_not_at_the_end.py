# caught by: can_be_cancelled
# says: hedged is cancelled at second 5
"""Ask one mirror, and a second one when the first lets you wait; the first answer wins."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Ask = Callable[[], Awaitable[Any]]


async def hedged(first: Ask, second: Ask, patience: float) -> Any:
    """Return the first answer; `second` is asked after `patience` seconds, or when `first` has failed.

    Raises an ExceptionGroup when both fail. No mirror is at work any more when this ends.
    """
    tasks = [asyncio.ensure_future(first())]
    try:
        done, waiting = await asyncio.wait(tasks, timeout=patience)
        if waiting or tasks[0].exception() is not None:
            tasks.append(asyncio.ensure_future(second()))
            waiting.add(tasks[1])
        while True:
            for task in done:
                if task.exception() is None:
                    return task.result()
            if not waiting:
                raise ExceptionGroup("no mirror has answered", [task.exception() for task in tasks])
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            try:
                await task
            except BaseException:  # the loser's, it is thought
                pass
