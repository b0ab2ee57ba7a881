# caught by: shelves_in_order
# says: the threads that still run
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
    shelved: list[Any] = []

    def work() -> None:
        while True:
            scan = cart.get()
            shelve(scan)
            shelved.append(scan)
            cart.task_done()

    threading.Thread(target=work, name="clerk", daemon=True).start()
    for scan in scans:
        cart.put(scan)
    cart.join()
    return len(shelved)
