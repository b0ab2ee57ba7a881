# caught by: limits_the_room
# says: came back
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
    queue: asyncio.Queue[Any] = asyncio.Queue()
    failed: list[tuple[Any, Exception]] = []

    async def serve() -> None:
        while True:
            job = await queue.get()
            try:
                await work(job)
            except Exception as error:
                failed.append((job, error))
            queue.task_done()

    async with asyncio.TaskGroup() as group:  # if this block fails or is cancelled, it cancels the workers
        crew = [group.create_task(serve()) for _ in range(workers)]
        await produce(queue.put)
        await queue.join()
        for worker in crew:
            worker.cancel()  # each waits in `queue.get()`, for a job that will not come
    return failed
