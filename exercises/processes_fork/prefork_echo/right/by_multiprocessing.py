"""A prefork server whose workers are processes of `multiprocessing`, made by fork."""

import multiprocessing
import os
import signal
import socket
import threading
from multiprocessing.connection import wait


def talk(listening: socket.socket, stopping: threading.Event) -> None:
    """Serve guests, one after the other; those who go in an unfriendly way are forgotten."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if stopping.is_set():  # SIGTERM came before that line, and the copied handler noted it
        return
    while True:
        guest, _ = listening.accept()
        with guest:
            try:
                guest.sendall(f"{os.getpid()}\n".encode())
                while data := guest.recv(4096):
                    guest.sendall(data)
            except ConnectionError:
                continue


def serve(listening: socket.socket, count: int) -> None:
    """Keep `count` workers at work until SIGTERM comes; then end them, wait for them, and return."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    process = multiprocessing.get_context("fork").Process
    workers: list[multiprocessing.process.BaseProcess] = []
    while not stopping.is_set():
        workers = [worker for worker in workers if worker.is_alive()]
        while len(workers) < count:
            workers.append(process(target=talk, args=[listening, stopping]))
            workers[-1].start()
        wait([worker.sentinel for worker in workers], timeout=0.1)
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join()
