# caught by: waits_for_room
# says: one in the scanner's hand
"""A producer and a consumer with a bounded queue between them."""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any


def shelve_returns(scans: Iterable[Any], shelve: Callable[[Any], object], room: int) -> int:
    """Shelve every scan in a thread of its own, at most `room` behind the scanner; return how many there were.

    Raises what `scans` or `shelve` raises. The thread has ended when this function ends, however it ends.
    """
    places, things = threading.Semaphore(room), threading.Semaphore(0)
    cart: deque[Any] = deque()
    end = object()  # nothing that a scanner gives can be this
    shelved: list[Any] = []
    errors: list[BaseException] = []

    def work() -> None:
        while True:
            things.acquire()
            if (scan := cart.popleft()) is end:
                return
            if not errors:
                try:
                    shelve(scan)
                    shelved.append(scan)
                except BaseException as error:
                    errors.append(error)
            places.release()  # the place on the cart, which has been free since `popleft`

    clerk = threading.Thread(target=work, name="clerk")
    clerk.start()
    try:
        for scan in scans:
            places.acquire()
            cart.append(scan)
            things.release()
            if errors:
                break
    finally:
        cart.append(end)
        things.release()
        clerk.join()
    if errors:
        raise errors[0]
    return len(shelved)
