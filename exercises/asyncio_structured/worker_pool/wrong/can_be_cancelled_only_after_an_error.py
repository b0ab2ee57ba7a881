# caught by: can_be_cancelled
# says: what was cancelled
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
    failed: list[tuple[Any, Exception]] = []

    async def serve() -> None:
        while True:
            job = await queue.get()
            try:
                await work(job)
            except Exception as error:
                failed.append((job, error))
            queue.task_done()

    crew = [asyncio.create_task(serve()) for _ in range(workers)]
    try:
        await produce(queue.put)
        await queue.join()
    except Exception:
        for worker in crew:
            worker.cancel()
        await asyncio.gather(*crew, return_exceptions=True)
        raise
    for worker in crew:
        worker.cancel()
    await asyncio.gather(*crew, return_exceptions=True)
    return failed
