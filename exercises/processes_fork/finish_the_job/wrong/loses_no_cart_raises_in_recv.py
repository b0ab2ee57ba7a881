# caught by: loses_no_cart
# says: has ended with exit code 0
"""A worker that ends between two jobs, and not within one."""

import signal
from collections.abc import Callable
from multiprocessing.connection import Connection


def work(line: Connection, shelve: Callable[[str], object]) -> None:
    """Shelve the carts that come over `line` and send back what is left of each, until SIGTERM or the desk's end.

    A second SIGTERM ends the process at once.
    """
    stopping = waiting = False

    def stop(number: int, frame: object) -> None:
        nonlocal stopping
        stopping = True
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if waiting:
            raise InterruptedError

    signal.signal(signal.SIGTERM, stop)
    while not stopping:
        try:
            waiting = True
            cart = line.recv()
            waiting = False
        except (EOFError, InterruptedError):
            return
        while cart and not stopping:
            shelve(cart.pop(0))
        line.send(cart)
