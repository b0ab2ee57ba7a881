# caught by: greets_and_echoes
# says: the guest sends b'Walden?\n'
"""A prefork server: one socket, several workers, and a parent that looks after them."""

import os
import signal
import socket
import time


def talk(listening: socket.socket) -> None:
    """Serve guests, one after the other, without an end."""
    while True:
        guest, _ = listening.accept()
        with guest:
            guest.sendall(f"{os.getpid()}\n".encode())
            guest.sendall(guest.recv(4096))
            while guest.recv(4096):
                pass


def serve(listening: socket.socket, count: int) -> None:
    """Keep `count` workers at work until SIGTERM comes; then end them, wait for them, and return."""
    stopping = False

    def stop(number: int, frame: object) -> None:
        nonlocal stopping
        stopping = True

    def hire() -> int:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # a child forgets what comes while it is made
        pid = os.fork()
        if pid == 0:
            try:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the parent's handler was copied, too
                signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
                talk(listening)
            finally:
                os._exit(1)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        return pid

    signal.signal(signal.SIGTERM, stop)
    workers: set[int] = set()
    while not stopping:
        while len(workers) < count:
            workers.add(hire())
        gone, _ = os.waitpid(-1, os.WNOHANG)
        if gone:
            workers.remove(gone)
        else:
            time.sleep(0.05)
    for pid in workers:
        os.kill(pid, signal.SIGTERM)
    for pid in workers:
        os.waitpid(pid, 0)
