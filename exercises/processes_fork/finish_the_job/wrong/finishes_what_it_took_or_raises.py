# caught by: finishes_what_it_took
# says: the steps of the worker
"""A worker that can be told to stop."""

import signal
from collections.abc import Callable
from typing import Any


def work(take: Callable[[float | None], Any], do: Callable[[Any], None]) -> None:
    """Do the jobs that `take` gives, until it raises EOFError or SIGTERM asks to stop; finish what is in hand."""
    class Told(BaseException):
        """SIGTERM while nothing was in hand."""

    wanted, idle = True, False

    def stop(number: int, frame: object) -> None:
        nonlocal wanted
        wanted = False
        if idle:
            raise Told

    before = signal.signal(signal.SIGTERM, stop)
    try:
        while wanted:
            try:
                idle = True
                job = take(1)
                idle = False
            except (EOFError, Told):
                return
            if job is not None:
                do(job)
    finally:
        signal.signal(signal.SIGTERM, before)
