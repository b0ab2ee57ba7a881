# caught by: finishes_the_book_in_hand
# says: what `shelve` has done
"""A worker that ends between two jobs, and not within one."""

import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection


def work(line: Connection, shelve: Callable[[str], object]) -> None:
    """Shelve the carts that come over `line` and send back what is left of each, until SIGTERM or the desk's end.

    A second SIGTERM ends the process at once.
    """
    cart: list[str] = []

    def stop(number: int, frame: object) -> None:
        line.send(cart)
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    while True:
        if not line.poll(0.1):  # a `recv` that waits would go on waiting after the handler
            continue
        try:
            cart = line.recv()
        except EOFError:
            return
        while cart:
            shelve(cart.pop(0))
        line.send(cart)
