# caught by: does_jobs
# says: ends Cleo
"""A worker that can be told to stop."""

import signal
from collections.abc import Callable
from typing import Any


def work(take: Callable[[float | None], Any], do: Callable[[Any], None]) -> None:
    """Do the jobs that `take` gives, until it raises EOFError or SIGTERM asks to stop; finish what is in hand."""
    wanted = True

    def stop(number: int, frame: object) -> None:
        nonlocal wanted
        wanted = False

    before = signal.signal(signal.SIGTERM, stop)
    try:
        while wanted:
            try:
                job = take(0.5)  # a wait without an end would not notice the note
            except EOFError:
                return
            if job is None:
                return
            do(job)
    finally:
        signal.signal(signal.SIGTERM, before)
