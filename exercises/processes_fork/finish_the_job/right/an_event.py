"""A worker whose note is an event, and whose cart is never changed."""

import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as ready


class Wish:
    """The wish to stop, as a handler."""

    def __init__(self) -> None:
        self.heard = threading.Event()

    def __call__(self, number: int, frame: object) -> None:
        if self.heard.is_set():
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.raise_signal(signal.SIGTERM)
        self.heard.set()


def work(line: Connection, shelve: Callable[[str], object]) -> None:
    """Shelve the carts that come over `line` and send back what is left of each, until SIGTERM or the desk's end."""
    wish = Wish()
    signal.signal(signal.SIGTERM, wish)
    try:
        while not wish.heard.is_set():
            if ready([line], timeout=0.2):
                line.send(left_of(line.recv(), shelve, wish.heard))
    except EOFError:
        pass


def left_of(cart: list[str], shelve: Callable[[str], object], heard: threading.Event) -> list[str]:
    """Shelve a cart; return what is left."""
    for number, title in enumerate(cart):
        if heard.is_set():
            return cart[number:]
        shelve(title)
    return []
