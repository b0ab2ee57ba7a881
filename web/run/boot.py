"""What the worker does once in Python, before the first cell."""

import builtins
import sys
from collections.abc import Callable
from typing import NoReturn

from page import inline_threads
from page.cells import Cells, Outbox, Stream


def start(emit: Callable[[str], object]) -> Cells:
    """Join the streams of Python to `emit`, adapt to the page, and return what runs its cells."""
    outbox = Outbox(emit)
    sys.stdout = Stream("stdout", outbox)
    sys.stderr = Stream("stderr", outbox)
    builtins.input = _no_input
    inline_threads.install()
    return Cells(sys.modules["__main__"].__dict__, outbox)


def _no_input(prompt: object = "", /) -> NoReturn:
    raise RuntimeError("input() cannot wait for you in the page: write the value into the cell, "
                       "or run the lesson on your own machine")
