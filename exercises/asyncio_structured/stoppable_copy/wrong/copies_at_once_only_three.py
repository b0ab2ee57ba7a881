# caught by: copies_at_once
# says: the second at which copy_all ended
"""Copy the catalogues of all branches at once, within a time limit, so that it can be stopped."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Connect = Callable[[str], Awaitable[Any]]
Store = Callable[[str, int, Any], Awaitable[None]]


async def copy_branch(branch: str, connect: Connect, store: Store) -> list[int]:
    """Copy the pages of one branch; return the numbers of those that were skipped."""
    connection = await connect(branch)
    skipped: list[int] = []
    try:
        for number in range(connection.pages):
            try:
                await store(branch, number, await connection.fetch(number))
            except Exception:  # not CancelledError, which is no fault of the page
                skipped.append(number)
    finally:
        await connection.close()
    return skipped


async def copy_all(
    branches: list[str], connect: Connect, store: Store, seconds: float
) -> dict[str, list[int]]:
    """Copy all branches at once; raise TimeoutError when it takes longer than `seconds`."""
    few = asyncio.Semaphore(3)

    async def one(branch: str) -> list[int]:
        async with few:
            return await copy_branch(branch, connect, store)

    async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
        tasks = {branch: group.create_task(one(branch)) for branch in branches}
    return {branch: task.result() for branch, task in tasks.items()}
