# caught by: works_in_two_threads
# says: Dune is not shelved meanwhile
"""A producer and a consumer with a bounded queue between them."""

import queue
import threading
from collections.abc import Callable, Iterable
from typing import Any


def shelve_returns(scans: Iterable[Any], shelve: Callable[[Any], object], room: int) -> int:
    """Shelve every scan in a thread of its own, at most `room` behind the scanner; return how many there were.

    Raises what `scans` or `shelve` raises. The thread has ended when this function ends, however it ends.
    """
    shelved: list[Any] = []

    def work(cart: list[Any]) -> None:
        for scan in cart:
            shelve(scan)
            shelved.append(scan)

    clerk = threading.Thread(target=work, args=[list(scans)], name="clerk")
    clerk.start()
    clerk.join()
    return len(shelved)
