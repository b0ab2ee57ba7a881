# caught by: passes_the_failure_on
# says: ended before the letters were written
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
    copies = dict(zip(titles, await asyncio.gather(*[look_up(title) for title in titles])))
    letters = [asyncio.create_task(write(title)) for title in titles if copies[title]]
    await asyncio.gather(archiving, *letters)
    return copies
