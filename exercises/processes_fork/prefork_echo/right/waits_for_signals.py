"""A prefork server without handlers: the parent holds two signals back and takes them when it wants to."""

import os
import signal
import socket
from typing import NoReturn

WATCHED = {signal.SIGTERM, signal.SIGCHLD}


def serve(listening: socket.socket, count: int) -> None:
    """Keep `count` workers at work until SIGTERM comes; then end them, wait for them, and return."""
    signal.signal(signal.SIGCHLD, lambda *_: None)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    workers = [work(listening, before) for _ in range(count)]
    while signal.sigwait(WATCHED) != signal.SIGTERM:
        workers = [pid if os.waitpid(pid, os.WNOHANG) == (0, 0) else work(listening, before) for pid in workers]
    for pid in workers:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


def work(listening: socket.socket, mask: set[signal.Signals]) -> int:
    """Fork a worker and return its pid."""
    return os.fork() or child(listening, mask)


def child(listening: socket.socket, mask: set[signal.Signals]) -> NoReturn:
    """Serve guests, one after the other, as long as they behave."""
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        while True:
            guest, _ = listening.accept()
            with guest, guest.makefile("rwb", buffering=0) as stream:
                stream.write(b"%d\n" % os.getpid())
                while data := stream.read(1 << 16):
                    guest.sendall(data)
    finally:
        os._exit(1)
