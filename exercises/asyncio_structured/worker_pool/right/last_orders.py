# different: an object of its own, put once for each worker, ends the workers
"""Some workers, a queue with limited room, and an end that leaves nothing running."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Put = Callable[[Any], Awaitable[None]]


async def run_pool(
    produce: Callable[[Put], Awaitable[None]],
    work: Callable[[Any], Awaitable[None]],
    workers: int,
    room: int,
) -> list[tuple[Any, Exception]]:
    """Let workers do what `produce` puts into a queue with `room` places; return the jobs that failed."""
    queue: asyncio.Queue[Any] = asyncio.Queue(room)
    end = object()
    failed: list[tuple[Any, Exception]] = []

    async def serve() -> None:
        while True:
            job = await queue.get()
            if job is end:
                return
            try:
                await work(job)
            except Exception as error:
                failed.append((job, error))

    async with asyncio.TaskGroup() as group:  # if this block fails or is cancelled, it cancels the workers
        for _ in range(workers):
            group.create_task(serve())
        await produce(queue.put)
        for _ in range(workers):
            await queue.put(end)
    return failed
