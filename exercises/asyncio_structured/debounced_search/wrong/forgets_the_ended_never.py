# caught by: forgets_the_ended
# says: of the first tasks are still kept
"""A search box that searches when the typing has paused."""

import asyncio
from collections.abc import Awaitable, Callable


class Debounce:
    """Calls `search` with the last text, once nothing has changed for `quiet` seconds."""

    def __init__(
        self, search: Callable[[str], Awaitable[None]], quiet: float, report: Callable[[Exception], None]
    ) -> None:
        self.search, self.quiet, self.report = search, quiet, report
        self.latest: asyncio.Task[None] | None = None
        self.running: set[asyncio.Task[None]] = set()  # all of them

    def changed(self, text: str) -> None:
        """Begin to wait, for a search for `text`; whatever is older is cancelled."""
        if self.latest:
            self.latest.cancel()
        self.latest = asyncio.create_task(self._search_later(text))
        self.running.add(self.latest)

    async def close(self) -> None:
        """Cancel what waits or is at work, and wait until everything has ended."""
        if self.latest:
            self.latest.cancel()
        if self.running:
            await asyncio.wait(self.running)  # unlike gather, it cancels nobody a second time

    async def _search_later(self, text: str) -> None:
        await asyncio.sleep(self.quiet)
        try:
            await self.search(text)
        except Exception as error:
            self.report(error)
