# caught by: finishes_the_book_in_hand
# says: what `shelve` has done
"""A worker that ends between two jobs, and not within one."""

import signal
from collections.abc import Callable
from multiprocessing.connection import Connection


def work(line: Connection, shelve: Callable[[str], object]) -> None:
    """Shelve the carts that come over `line` and send back what is left of each, until SIGTERM or the desk's end.

    A second SIGTERM ends the process at once.
    """
    def stop(number: int, frame: object) -> None:
        raise InterruptedError

    signal.signal(signal.SIGTERM, stop)
    cart: list[str] = []
    while True:
        try:
            cart = line.recv()
            while cart:
                shelve(cart.pop(0))
            line.send(cart)
        except InterruptedError:
            line.send(cart)
            return
        except EOFError:
            return
