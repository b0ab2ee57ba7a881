"""A branch that answers questions, and a day of questions with few descriptors: run by `script`, not in a kernel."""

import os
import resource
import signal
import socket
import traceback
from collections import Counter
from contextlib import suppress
from types import FunctionType

import psutil


def branch(listening: socket.socket) -> None:
    """Answer each question, and hang up on those for Emma, without an end."""
    while True:
        with listening.accept()[0] as guest:
            if guest.recv(100) != b"Emma":
                guest.sendall(b"yes")


def questions(ask: FunctionType, number: int = 1000, limit: int = 30) -> None:
    """Ask a branch so many questions, each tenth for Emma, with at most `limit` descriptors; print how far it went."""
    listening, talking, asked = socket.create_server(("127.0.0.1", 0)), set[socket.socket](), 0
    address = listening.getsockname()
    if (pid := os.fork()) == 0:
        branch(listening)
    listening.close()
    spare = os.open(os.devnull, os.O_RDONLY)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    try:
        for asked in range(1, number + 1):
            one(ask, address, "Dune" if asked % 10 else "Emma", talking)
    except OSError as error:
        os.close(spare)  # who wants to look needs a descriptor, too
        line = traceback.extract_tb(error.__traceback__)[2]
        number = (line.lineno or 0) - ask.__code__.co_firstlineno + 1
        print(f"question {asked}: {error.strerror}, in line {number} of {line.name}")
    states = Counter(one.status for one in psutil.Process().net_connections() if one.raddr)
    print("asked:", asked, "- in the set:", len(talking), "- connections:", dict(states))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def one(ask: FunctionType, address: tuple[str, int], title: str, talking: set[socket.socket]) -> None:
    """Ask one question; a branch that hangs up is nothing new."""
    with suppress(ConnectionError):
        ask(address, title, talking)
