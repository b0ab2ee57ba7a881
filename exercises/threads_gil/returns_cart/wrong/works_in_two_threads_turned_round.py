# caught by: works_in_two_threads
# says: `shelve` is called in the thread that calls
"""A producer and a consumer with a bounded queue between them."""

import queue
import threading
from collections.abc import Callable, Iterable
from typing import Any


def shelve_returns(scans: Iterable[Any], shelve: Callable[[Any], object], room: int) -> int:
    """Shelve every scan in a thread of its own, at most `room` behind the scanner; return how many there were.

    Raises what `scans` or `shelve` raises. The thread has ended when this function ends, however it ends.
    """
    cart: queue.Queue[Any] = queue.Queue(maxsize=room)
    end = object()

    def scan_all() -> None:
        for scan in scans:
            cart.put(scan)
        cart.put(end)

    scanner = threading.Thread(target=scan_all, name="scanner")
    scanner.start()
    shelved = 0
    while (scan := cart.get()) is not end:
        shelve(scan)
        shelved += 1
    scanner.join()
    return shelved
