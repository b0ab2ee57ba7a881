# caught by: passes_the_failure_on
# says: and this was cancelled: look up
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
    async with asyncio.TaskGroup() as group:
        group.create_task(archive())
        asked = {title: group.create_task(look_up(title)) for title in titles}
        copies = {title: await task for title, task in asked.items()}
        for title in titles:
            if copies[title]:
                group.create_task(write(title))
    return copies
