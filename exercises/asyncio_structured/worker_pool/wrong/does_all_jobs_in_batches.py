# caught by: does_all_jobs
# says: each began
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
    jobs: list[Any] = []
    failed: list[tuple[Any, Exception]] = []

    async def put(job: Any) -> None:
        jobs.append(job)

    await produce(put)
    while jobs:
        batch, jobs = jobs[:workers], jobs[workers:]
        results = await asyncio.gather(*[work(job) for job in batch], return_exceptions=True)
        failed += [(job, result) for job, result in zip(batch, results) if isinstance(result, Exception)]
    return failed
