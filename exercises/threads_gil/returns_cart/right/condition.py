# A deque under a Condition, for which both wait.
"""A producer and a consumer with a bounded queue between them."""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any


def shelve_returns(scans: Iterable[Any], shelve: Callable[[Any], object], room: int) -> int:
    """Shelve every scan in a thread of its own, at most `room` behind the scanner; return how many there were.

    Raises what `scans` or `shelve` raises. The thread has ended when this function ends, however it ends.
    """
    cart: deque[Any] = deque()
    changed = threading.Condition()
    over = False
    shelved = 0
    errors: list[BaseException] = []

    def work() -> None:
        nonlocal shelved
        while True:
            with changed:
                changed.wait_for(lambda: cart or over)
                if not cart:
                    return
                scan = cart.popleft()
                changed.notify_all()
            try:
                shelve(scan)
            except BaseException as error:
                with changed:
                    errors.append(error)
                    changed.notify_all()
                return
            shelved += 1

    clerk = threading.Thread(target=work, name="clerk")
    clerk.start()
    try:
        for scan in scans:
            with changed:
                changed.wait_for(lambda: len(cart) < room or errors)
                if errors:
                    break
                cart.append(scan)
                changed.notify_all()
    finally:
        with changed:
            over = True
            changed.notify_all()
        clerk.join()
    if errors:
        raise errors[0]
    return shelved
