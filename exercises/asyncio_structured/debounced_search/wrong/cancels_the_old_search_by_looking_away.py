# caught by: cancels_the_old_search
# says: the searches that were cancelled
"""A search box that searches when the typing has paused."""

import asyncio
from collections.abc import Awaitable, Callable


class Debounce:
    """Calls `search` with the last text, once nothing has changed for `quiet` seconds."""

    def __init__(
        self, search: Callable[[str], Awaitable[None]], quiet: float, report: Callable[[Exception], None]
    ) -> None:
        self.search, self.quiet, self.report = search, quiet, report
        self.number = 0
        self.latest: asyncio.Task[None] | None = None
        self.running: set[asyncio.Task[None]] = set()  # the latest, and cancelled ones that have not ended

    def changed(self, text: str) -> None:
        """Begin to wait, for a search for `text`; whatever is older is cancelled."""
        self.number += 1
        task = asyncio.create_task(self._search_later(text, self.number))
        self.running.add(task)
        task.add_done_callback(self.running.discard)

    async def close(self) -> None:
        """Cancel what waits or is at work, and wait until everything has ended."""
        self.number += 1
        await asyncio.gather(*self.running, return_exceptions=True)

    async def _search_later(self, text: str, number: int) -> None:
        await asyncio.sleep(self.quiet)
        if number != self.number:
            return
        try:
            await self.search(text)
        except Exception as error:
            self.report(error)
