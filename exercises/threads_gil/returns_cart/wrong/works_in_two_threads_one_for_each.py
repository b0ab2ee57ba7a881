# caught by: works_in_two_threads
# says: the number of threads that have shelved
"""A producer and a consumer with a bounded queue between them."""

import queue
import threading
from collections.abc import Callable, Iterable
from typing import Any


def shelve_returns(scans: Iterable[Any], shelve: Callable[[Any], object], room: int) -> int:
    """Shelve every scan in a thread of its own, at most `room` behind the scanner; return how many there were.

    Raises what `scans` or `shelve` raises. The thread has ended when this function ends, however it ends.
    """
    places = threading.Semaphore(room + 1)
    shelved: list[Any] = []
    last: threading.Thread | None = None

    def work(scan: Any, before: threading.Thread | None) -> None:
        if before:
            before.join()  # keeps the order
        shelve(scan)
        shelved.append(scan)
        places.release()

    for scan in scans:
        places.acquire()
        last = threading.Thread(target=work, args=[scan, last])
        last.start()
    if last:
        last.join()
    return len(shelved)
