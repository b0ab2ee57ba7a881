# different: a small context manager closes, and `wait_for` limits the time
"""Copy the catalogues of all branches at once, within a time limit, so that it can be stopped."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

Connect = Callable[[str], Awaitable[Any]]
Store = Callable[[str, int, Any], Awaitable[None]]


@asynccontextmanager
async def connected(branch: str, connect: Connect) -> AsyncIterator[Any]:
    """A connection that is closed at the end of the block."""
    connection = await connect(branch)
    try:
        yield connection
    finally:
        await connection.close()


async def copy_branch(branch: str, connect: Connect, store: Store) -> list[int]:
    """Copy the pages of one branch; return the numbers of those that were skipped."""
    skipped: list[int] = []
    async with connected(branch, connect) as connection:
        for number in range(connection.pages):
            try:
                books = await connection.fetch(number)
                await store(branch, number, books)
            except asyncio.CancelledError:
                raise
            except Exception:
                skipped.append(number)
    return skipped


async def copy_all(
    branches: list[str], connect: Connect, store: Store, seconds: float
) -> dict[str, list[int]]:
    """Copy all branches at once; raise TimeoutError when it takes longer than `seconds`."""
    return await asyncio.wait_for(copy_together(branches, connect, store), seconds)


async def copy_together(branches: list[str], connect: Connect, store: Store) -> dict[str, list[int]]:
    """Copy all branches at once; if one fails, the others are cancelled."""
    async with asyncio.TaskGroup() as group:
        tasks = {branch: group.create_task(copy_branch(branch, connect, store)) for branch in branches}
    return {branch: task.result() for branch, task in tasks.items()}
