# caught by: greets_and_echoes
# says: the pid that greets the second
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
            while data := guest.recv(4096):
                guest.sendall(data)


def serve(listening: socket.socket, count: int) -> None:
    """Keep `count` workers at work until SIGTERM comes; then end them, wait for them, and return."""
    stopping = False

    def stop(number: int, frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    listening.settimeout(0.1)
    workers: set[int] = set()
    while not stopping:
        for pid in list(workers):
            if os.waitpid(pid, os.WNOHANG)[0]:
                workers.remove(pid)
        if len(workers) < count:
            try:
                guest, _ = listening.accept()
            except TimeoutError:
                continue
            pid = os.fork()
            if pid == 0:
                try:
                    guest.settimeout(None)
                    guest.sendall(f"{os.getpid()}\n".encode())
                    while data := guest.recv(4096):
                        guest.sendall(data)
                finally:
                    os._exit(0)
            guest.close()
            workers.add(pid)
    for pid in workers:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
