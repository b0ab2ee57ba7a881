"""What the worker does once in Python, before the first cell."""

import builtins
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from page import inline_threads, inputs
from page.archives import Archives
from page.cells import Cells, Outbox, Stream


@dataclass(frozen=True)
class Python:
    """What the worker talks to: the cells of the page and the archives that they import from."""

    cells: Cells
    archives: Archives


def start(emit: Callable[[str], object], runtime: dict[str, Any], fetch_now: Callable[[str], Any],
          ask: Callable[[str], Any] | None = None) -> Python:
    """Join the streams of Python to `emit`, adapt to the page, and return what runs its cells.

    `runtime` is the manifest; `fetch_now` gives the bytes of one of its files as JavaScript has them, blocking.
    `ask` gives a promise of the answer to a prompt.
    """
    outbox = Outbox(emit)
    sys.stdout = Stream("stdout", outbox)
    sys.stderr = Stream("stderr", outbox)
    builtins.input = inputs.Input(outbox, ask)
    archives = Archives(runtime["archives"], runtime["modules"], partial(_bytes, fetch_now))
    archives.install()
    inline_threads.install()
    return Python(Cells(sys.modules["__main__"].__dict__, outbox), archives)


def _bytes(fetch_now: Callable[[str], Any], file: str) -> bytes:
    """Return the bytes of a file. Raises OSError when it does not come."""
    from pyodide.ffi import JsException

    try:
        return bytes(fetch_now(file).to_bytes())
    except JsException as error:
        raise OSError(str(error)) from error
