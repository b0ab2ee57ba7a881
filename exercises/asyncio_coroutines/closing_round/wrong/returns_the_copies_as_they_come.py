# caught by: returns_the_copies
# says: in another order
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
    archiving = asyncio.create_task(archive())  # held by a name, and awaited below

    copies: dict[str, int] = {}

    async def ask(title: str) -> None:
        copies[title] = await look_up(title)

    await asyncio.gather(*[ask(title) for title in titles])

    for title in titles:
        if copies[title]:
            await write(title)

    await archiving  # its exception, if there is one, is ours now
    return copies
