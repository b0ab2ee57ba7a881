# caught by: works_in_two_threads
# says: it does not work ahead
"""A producer and a consumer with a bounded queue between them."""

import queue
import threading
from collections.abc import Callable, Iterable
from typing import Any


def shelve_returns(scans: Iterable[Any], shelve: Callable[[Any], object], room: int) -> int:
    """Shelve every scan in a thread of its own, at most `room` behind the scanner; return how many there were.

    Raises what `scans` or `shelve` raises. The thread has ended when this function ends, however it ends.
    """
    shelved = 0
    for scan in scans:
        shelve(scan)
        shelved += 1
    return shelved
