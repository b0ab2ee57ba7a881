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
        self.timer: asyncio.TimerHandle | None = None
        self.latest: asyncio.Task[None] | None = None
        self.running: set[asyncio.Task[None]] = set()

    def changed(self, text: str) -> None:
        """Begin to wait, for a search for `text`; whatever is older is cancelled."""
        if self.timer:
            self.timer.cancel()
        self.timer = asyncio.get_running_loop().call_later(self.quiet, self._start, text)

    async def close(self) -> None:
        """Cancel what waits or is at work, and wait until everything has ended."""
        if self.timer:
            self.timer.cancel()
        if self.latest:
            self.latest.cancel()
        if self.running:
            await asyncio.wait(self.running)

    def _start(self, text: str) -> None:
        self.latest = asyncio.create_task(self._search(text))
        self.running.add(self.latest)
        self.latest.add_done_callback(self.running.discard)

    async def _search(self, text: str) -> None:
        try:
            await self.search(text)
        except Exception as error:
            self.report(error)
