# caught by: shelves_in_order
# says: what is shelved, in this order
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
    finished = threading.Event()
    shelved: list[Any] = []

    def work() -> None:
        while not finished.is_set():
            try:
                scan = cart.get(timeout=0.05)
            except queue.Empty:
                continue
            shelve(scan)
            shelved.append(scan)

    clerk = threading.Thread(target=work, name="clerk")
    clerk.start()
    for scan in scans:
        cart.put(scan)
    finished.set()
    clerk.join()
    return len(shelved)
