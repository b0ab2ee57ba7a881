# caught by: redirects
# says: by a child, which gets 1 if it is inheritable
"""What a call leaves open, and two functions that leave nothing."""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

KINDS = {stat.S_IFREG: "file", stat.S_IFDIR: "folder", stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}


def opened() -> dict[int, os.stat_result]:
    """Return all descriptors that are open, and what each stands for."""
    found = {}
    for name in os.listdir("/dev/fd"):
        with suppress(OSError):
            found[int(name)] = os.fstat(int(name))
    return found


def hunt(call: Callable[[], object]) -> dict[int, str]:
    """Return what `call` leaves open, by number, and of which kind it is."""
    before = opened()
    with suppress(Exception):
        call()
    left = {}
    for number, status in opened().items():
        old = before.get(number)
        if old is None or not os.path.samestat(old, status):
            left[number] = KINDS.get(stat.S_IFMT(status.st_mode), "other")
    return left


def read_pair(first: str, second: str) -> tuple[bytes, bytes]:
    """Return the first 100 bytes of two files."""
    return read_start(first), read_start(second)


def read_start(path: str) -> bytes:
    """Return the first 100 bytes of a file."""
    number = os.open(path, os.O_RDONLY)
    try:
        return os.read(number, 100)
    finally:
        os.close(number)


def with_output(path: str, call: Callable[[], Any]) -> Any:
    """Call with descriptor 1 leading into a new file at `path`; return what the call returns."""
    sys.stdout.flush()
    with open(path, "wb") as file, kept_aside(1):
        os.dup2(file.fileno(), 1)
        try:
            return call()
        finally:
            sys.stdout.flush()


@contextmanager
def kept_aside(number: int) -> Iterator[None]:
    """Put a descriptor back afterwards."""
    kept = os.dup(number)
    try:
        yield
    finally:
        os.dup2(kept, number, inheritable=False)
        os.close(kept)
