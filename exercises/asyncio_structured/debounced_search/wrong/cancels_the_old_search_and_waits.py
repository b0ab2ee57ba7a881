# caught by: cancels_the_old_search
# says: the searches that began
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
        self.running: set[asyncio.Task[None]] = set()  # the latest, and cancelled ones that have not ended

    def changed(self, text: str) -> None:
        """Begin to wait, for a search for `text`; whatever is older is cancelled."""
        before = self.latest
        if before:
            before.cancel()
        self.latest = asyncio.create_task(self._search_later(text, before))
        self.running.add(self.latest)
        self.latest.add_done_callback(self.running.discard)

    async def close(self) -> None:
        """Cancel what waits or is at work, and wait until everything has ended."""
        if self.latest:
            self.latest.cancel()
        await asyncio.gather(*self.running, return_exceptions=True)

    async def _search_later(self, text: str, before: asyncio.Task[None] | None) -> None:
        if before:
            await asyncio.wait([before])
        await asyncio.sleep(self.quiet)
        try:
            await self.search(text)
        except Exception as error:
            self.report(error)
