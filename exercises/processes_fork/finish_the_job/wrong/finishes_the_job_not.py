# caught by: finishes_the_job
# says: the job is not done
"""A worker that can be told to stop."""

import signal
from collections.abc import Callable
from typing import Any


def work(take: Callable[[float | None], Any], do: Callable[[Any], None]) -> None:
    """Do the jobs that `take` gives, until it raises EOFError or SIGTERM asks to stop; finish what is in hand."""
    wanted = True

    def stop(number: int, frame: object) -> None:
        raise SystemExit(0)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        while wanted:
            try:
                job = take(0.5)  # a wait without an end would not notice the note
            except EOFError:
                return
            if job is not None:
                do(job)
    finally:
        signal.signal(signal.SIGTERM, before)
