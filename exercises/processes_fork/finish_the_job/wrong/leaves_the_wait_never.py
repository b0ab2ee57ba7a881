# caught by: leaves_the_wait
# says: has not come to
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
                job = take(None)
            except EOFError:
                return
            if job is not None:
                do(job)
    finally:
        signal.signal(signal.SIGTERM, before)
