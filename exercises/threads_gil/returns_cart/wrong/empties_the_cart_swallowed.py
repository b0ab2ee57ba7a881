# caught by: empties_the_cart
# says: returns 3
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
    end = object()  # nothing that a scanner gives can be this
    shelved: list[Any] = []
    errors: list[BaseException] = []

    def work() -> None:
        while (scan := cart.get()) is not end:
            if errors:
                continue  # taken, so that the scanner does not wait for ever, and not shelved
            try:
                shelve(scan)
                shelved.append(scan)
            except BaseException as error:
                errors.append(error)

    clerk = threading.Thread(target=work, name="clerk")
    clerk.start()
    try:
        for scan in scans:
            cart.put(scan)
            if errors:
                break
    except OSError as error:
        print("the scanner fails:", error)
    cart.put(end)
    clerk.join()
    if errors:
        raise errors[0]
    return len(shelved)
