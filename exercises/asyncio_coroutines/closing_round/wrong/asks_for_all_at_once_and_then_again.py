# caught by: asks_for_all_at_once
# says: asked for once
"""The closing round of Shelf: archive the day, ask for each reserved title, write to the readers."""

import asyncio
from collections.abc import Awaitable, Callable

kept: list[asyncio.Task] = []  # so that a task in the background stays alive


async def closing_round(
    titles: list[str],
    look_up: Callable[[str], Awaitable[int]],
    write: Callable[[str], Awaitable[None]],
    archive: Callable[[], Awaitable[None]],
) -> dict[str, int]:
    """Return the copies of each title, after writing to the readers and archiving the day."""
    archiving = asyncio.create_task(archive())
    await asyncio.gather(*[look_up(title) for title in titles])
    copies = {title: await look_up(title) for title in titles}
    for title in titles:
        if copies[title]:
            await write(title)
    await archiving
    return copies
