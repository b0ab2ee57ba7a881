"""`input()` in the page: it waits where the browser can suspend WebAssembly, and says so where it cannot."""

from collections.abc import Callable
from typing import Any

from page.cells import Outbox

REFUSED = ("input() cannot wait for you here: write the value into the cell, "
           "or run the lesson on your own machine")


class Input:
    """Stand for the built-in `input`."""

    def __init__(self, outbox: Outbox, ask: Callable[[str], Any] | None) -> None:
        self._outbox = outbox
        self._ask = ask

    def __call__(self, prompt: object = "", /) -> str:
        """Return the line that the reader answers. Raises RuntimeError where this thread cannot wait for it."""
        from pyodide.ffi import can_run_sync, run_sync

        if self._ask is None or not can_run_sync():
            raise RuntimeError(REFUSED)
        self._outbox.flush()
        return str(run_sync(self._ask(str(prompt))))
