"""A worker that waits at two pipes: its line, and one into which each signal writes a byte."""

import os
import select
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection


def work(line: Connection, shelve: Callable[[str], object]) -> None:
    """Shelve the carts that come over `line` and send back what is left of each, until SIGTERM or the desk's end."""
    told = []

    def stop(number: int, frame: object) -> None:
        told.append(number)
        signal.signal(number, signal.SIG_DFL)

    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    signal.set_wakeup_fd(theirs)
    signal.signal(signal.SIGTERM, stop)
    while not told:
        readable, _, _ = select.select([line.fileno(), ours], [], [])
        if ours in readable:
            break
        try:
            cart = line.recv()
        except EOFError:
            break
        while cart and not told:
            title, *cart = cart
            shelve(title)
        line.send(cart)
    signal.set_wakeup_fd(-1)
    os.close(ours)
    os.close(theirs)
