# different: each title is one coroutine, lookup and letter; gather runs them all beside the archive
"""The closing round of Shelf: archive the day, ask for each reserved title, write to the readers."""

import asyncio
from collections.abc import Awaitable, Callable


async def closing_round(
    titles: list[str],
    look_up: Callable[[str], Awaitable[int]],
    write: Callable[[str], Awaitable[None]],
    archive: Callable[[], Awaitable[None]],
) -> dict[str, int]:
    """Return the copies of each title, after writing to the readers and archiving the day."""
    async def serve(title: str) -> int:
        number = await look_up(title)
        if number > 0:
            await write(title)
        return number

    archiving = asyncio.ensure_future(archive())
    numbers = await asyncio.gather(*map(serve, titles))
    await archiving
    return dict(zip(titles, numbers, strict=True))
