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
    # >>> repair the round: three things are wrong with it
    #| kept.append(asyncio.create_task(archive()))
    #|
    #| copies = {}
    #| for title in titles:
    #|     copies[title] = await look_up(title)
    #|
    #| for title in titles:
    #|     if copies[title]:
    #|         write(title)
    #|
    #| return copies
    archiving = asyncio.create_task(archive())  # held by a name, and awaited below

    try:
        numbers = await asyncio.gather(*[look_up(title) for title in titles])
        copies = dict(zip(titles, numbers, strict=True))
        for title in titles:
            if copies[title]:
                await write(title)
    finally:
        await asyncio.wait([archiving])  # done, whatever becomes of the rest
    await archiving  # its exception, if there is one, is ours now
    return copies
    # <<<
