"""A worker that can be told to stop."""

import signal
import threading
from collections.abc import Callable
from typing import Any


def work(take: Callable[[float | None], Any], do: Callable[[Any], None]) -> None:
    """Do the jobs that `take` gives, until it raises EOFError or SIGTERM asks to stop; finish what is in hand."""
    told = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: told.set())
    try:
        while not told.is_set():
            try:
                job = take(2)
            except EOFError:
                return
            if job is not None:
                do(job)
    finally:
        signal.signal(signal.SIGTERM, before)
