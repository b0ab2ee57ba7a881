# caught by: finishes_the_book_in_hand
# says: 'Emma', 'Walden', 'Emma'
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
        if not line.poll(0.1):  # a `recv` that waits would go on waiting after the handler
            continue
        try:
            cart = line.recv()
        except EOFError:
            return
        done: list[str] = []
        for title in cart:
            if stopping:
                break
            shelve(title)
            done.append(title)
        line.send([title for title in cart if title not in done])
