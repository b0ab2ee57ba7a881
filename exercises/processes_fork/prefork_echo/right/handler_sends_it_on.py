"""A prefork server whose parent sleeps in `os.wait`; its handler passes SIGTERM on, and so ends the waiting."""

import contextlib
import os
import signal
import socket


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
    workers: set[int] = set()
    parent, stopping = os.getpid(), False

    def stop(*_: object) -> None:
        nonlocal stopping
        if os.getpid() != parent:
            os._exit(0)
        stopping = True
        for pid in workers:
            end(pid)

    signal.signal(signal.SIGTERM, stop)
    for _ in range(count):
        hire(listening, workers)
    while workers:
        if stopping:  # also for one that was born while it came
            for pid in workers:
                end(pid)
        gone, _ = os.wait()
        workers.discard(gone)
        if not stopping:
            hire(listening, workers)
            if stopping:
                continue


def hire(listening: socket.socket, workers: set[int]) -> None:
    """Fork a worker."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    pid = os.fork()
    if not pid:
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
            talk(listening)
        except BaseException:
            os._exit(1)
    workers.add(pid)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def end(pid: int) -> None:
    """Send SIGTERM to a worker, which may have ended."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
