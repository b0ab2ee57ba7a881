# caught by: ends_while_it_waits
# says: seconds later work has not returned
"""A worker that ends between two jobs, and not within one."""

import signal
from collections.abc import Callable
from multiprocessing.connection import Connection


def work(line: Connection, shelve: Callable[[str], object]) -> None:
    """Shelve the carts that come over `line` and send back what is left of each, until SIGTERM or the desk's end.

    A second SIGTERM ends the process at once.
    """
    stopping = False

    def stop(number: int, frame: object) -> None:
        nonlocal stopping
        stopping = True
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the next one ends the process

    signal.signal(signal.SIGTERM, stop)
    while not stopping:
        if not line.poll(5):
            continue
        try:
            cart = line.recv()
        except EOFError:
            return
        while cart and not stopping:
            shelve(cart.pop(0))
        line.send(cart)
