"""asyncio in the page as it is on a machine: a loop that runs until it is done, instead of the browser's own.

The browser's loop never ends, rounds times to milliseconds and may let timers overtake each other; what a check of
asyncio observes would differ. This is asyncio's own loop, without files to watch: it waits for its timers only.
"""

import asyncio
import asyncio.events
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Wait = Callable[[float | None], None]
"""Waits for that many seconds; None: nothing will ever happen again."""


class PageLoop(asyncio.BaseEventLoop):
    """An event loop for one thread without files, sockets and processes: asking for those raises as asyncio does."""

    def __init__(self, wait: Wait) -> None:
        super().__init__()
        self._selector = _NoFiles(wait)

    def _process_events(self, event_list: list[Any]) -> None:
        """Do nothing: no file is watched."""

    def _write_to_self(self) -> None:
        """Do nothing: there is no other thread that could add a callback while this one waits."""


class _NoFiles:
    """What asyncio asks for files that are ready (the interface of `selectors`)."""

    def __init__(self, wait: Wait) -> None:
        self._wait = wait

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None or timeout > 0:
            self._wait(timeout)
        return []

    def get_map(self) -> dict[Any, Any]:
        return {}


class _Policy:
    """Gives such loops where asyncio asks for one."""

    def __init__(self, wait: Wait) -> None:
        self._wait = wait
        self._loop: asyncio.AbstractEventLoop | None = None

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        return PageLoop(self._wait)

    def set_event_loop(self, loop: asyncio.AbstractEventLoop | None) -> None:
        self._loop = loop

    def get_event_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            raise RuntimeError("There is no current event loop in thread 'MainThread'.")
        return self._loop


@contextmanager
def instead_of_the_browsers(wait: Wait) -> Iterator[None]:
    """Within the block no loop runs, and each new one is a PageLoop; afterwards all is as before."""
    events: Any = asyncio.events
    policy, running = events._event_loop_policy, events._get_running_loop()
    events._event_loop_policy = _Policy(wait)
    events._set_running_loop(None)
    try:
        yield
    finally:
        events._event_loop_policy = policy
        events._set_running_loop(running)
