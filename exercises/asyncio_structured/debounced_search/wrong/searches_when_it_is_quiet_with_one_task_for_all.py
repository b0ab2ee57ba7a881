# caught by: searches_when_it_is_quiet
# says: Two boxes
"""A search box that searches when the typing has paused."""

import asyncio
from collections.abc import Awaitable, Callable


running: set[asyncio.Task[None]] = set()


class Debounce:
    """Calls `search` with the last text, once nothing has changed for `quiet` seconds."""

    def __init__(
        self, search: Callable[[str], Awaitable[None]], quiet: float, report: Callable[[Exception], None]
    ) -> None:
        self.search, self.quiet, self.report = search, quiet, report

    def changed(self, text: str) -> None:
        """Begin to wait, for a search for `text`; whatever is older is cancelled."""
        for task in running:
            task.cancel()
        task = asyncio.create_task(self._search_later(text))
        running.add(task)
        task.add_done_callback(running.discard)

    async def close(self) -> None:
        """Cancel what waits or is at work, and wait until everything has ended."""
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _search_later(self, text: str) -> None:
        await asyncio.sleep(self.quiet)
        try:
            await self.search(text)
        except Exception as error:
            self.report(error)
