"""A worker whose handler raises, but only in a wait that takes nothing out of the pipe."""

import signal
from collections.abc import Callable
from multiprocessing.connection import Connection


class Stop(Exception):
    """Somebody has sent SIGTERM."""


def work(line: Connection, shelve: Callable[[str], object]) -> None:
    """Shelve the carts that come over `line` and send back what is left of each, until SIGTERM or the desk's end."""
    stopping = idle = False

    def stop(number: int, frame: object) -> None:
        nonlocal stopping
        stopping = True
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if idle:
            raise Stop

    signal.signal(signal.SIGTERM, stop)
    while True:
        try:
            idle = True
            if stopping:
                return
            line.poll(None)
            idle = False
        except Stop:
            return
        try:
            cart = line.recv()
        except EOFError:
            return
        while cart and not stopping:
            shelve(cart.pop(0))
        line.send(cart)
