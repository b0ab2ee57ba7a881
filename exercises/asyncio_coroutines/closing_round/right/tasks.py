# different: a task for each lookup and each letter, awaited one by one, and the archive awaited in `finally`
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
    archiving = asyncio.create_task(archive())
    try:
        lookups = {title: asyncio.create_task(look_up(title)) for title in titles}
        copies = {title: await lookup for title, lookup in lookups.items()}
        letters = [asyncio.create_task(write(title)) for title, number in copies.items() if number]
        for letter in letters:
            await letter
    finally:
        await archiving
    return copies
