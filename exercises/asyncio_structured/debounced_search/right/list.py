# different: all tasks in a list, of which the last is the latest; each call sweeps out what has ended
"""A search box that searches when the typing has paused."""

import asyncio
from collections.abc import Awaitable, Callable


class Debounce:
    """Calls `search` with the last text, once nothing has changed for `quiet` seconds."""

    def __init__(
        self, search: Callable[[str], Awaitable[None]], quiet: float, report: Callable[[Exception], None]
    ) -> None:
        self.search, self.quiet, self.report = search, quiet, report
        self.tasks: list[asyncio.Task[None]] = []

    def changed(self, text: str) -> None:
        """Begin to wait, for a search for `text`; whatever is older is cancelled."""
        self._cancel_latest()
        self.tasks = [task for task in self.tasks if not task.done()]
        self.tasks.append(asyncio.create_task(self._search_later(text)))

    def _cancel_latest(self) -> None:
        if self.tasks:
            self.tasks[-1].cancel()

    async def close(self) -> None:
        """Cancel what waits or is at work, and wait until everything has ended."""
        self._cancel_latest()
        if self.tasks:
            await asyncio.wait(self.tasks)

    async def _search_later(self, text: str) -> None:
        await asyncio.sleep(self.quiet)
        try:
            await self.search(text)
        except Exception as error:
            self.report(error)
