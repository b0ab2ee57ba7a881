# different: no Queue: a deque, and a Condition for everybody who waits
"""Some workers, a queue with limited room, and an end that leaves nothing running."""

import asyncio
from collections import deque
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
    waiting: deque[Any] = deque()
    failed: list[tuple[Any, Exception]] = []
    changed = asyncio.Condition()
    closed = False

    async def put(job: Any) -> None:
        async with changed:
            await changed.wait_for(lambda: len(waiting) < room)
            waiting.append(job)
            changed.notify_all()

    async def serve() -> None:
        while True:
            async with changed:
                await changed.wait_for(lambda: waiting or closed)
                if not waiting:
                    return
                job = waiting.popleft()
                changed.notify_all()
            try:
                await work(job)
            except Exception as error:
                failed.append((job, error))

    async with asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(serve())
        await produce(put)
        async with changed:
            closed = True
            changed.notify_all()
    return failed
