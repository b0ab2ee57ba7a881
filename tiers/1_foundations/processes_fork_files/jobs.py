"""What other processes do: a child that is spawned imports its function by name, so it stands in a file."""

import os
import signal
import time
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from threading import Lock

catalogue = Lock()
desk = {"loans": 0}


def lend(times: int) -> None:
    """Count so many loans."""
    desk["loans"] += times


def digits(numbers: range) -> tuple[int, int]:
    """Return the sum of all digits of `numbers`, and the process that counted."""
    return sum(sum(map(int, str(number))) for number in numbers), os.getpid()


def killed() -> None:
    """End as a process ends that the system takes the memory from."""
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def add_up(name: str, first: int, last: int) -> int:
    """Return the sum of the numbers `first` to `last` (of 8 bytes each) in the shared memory `name`."""
    memory = SharedMemory(name=name)
    try:
        with memory.buf.cast("q") as numbers, numbers[first:last] as part:
            return sum(part)
    finally:
        memory.close()


def now(answer: Connection) -> None:
    """Say when the first line of the child runs, in nanoseconds of the system's clock."""
    answer.send(time.monotonic_ns())


def look_up() -> None:
    """Read the catalogue, as every job does: under its lock."""
    with catalogue:
        pass
