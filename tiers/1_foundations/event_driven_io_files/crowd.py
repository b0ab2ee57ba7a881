"""A server in a program of its own, and in another one its guests: many who say nothing, and one who asks.

Two programs, because 500 guests and their server together need over 1,000 descriptors: many systems give a process 256
or 1,024.
"""

import inspect
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil

from course.services.script import IMPORTS

PATIENCE = 30.0  # seconds until an answer counts as one that does not come


@dataclass(frozen=True)
class Seen:
    """What one trial showed: threads and memory of the server, and how long the guest who asked waited for answers."""

    threads: int
    megabytes: float
    microseconds: list[float] | None  # of each answer, in the order of asking; None: the first never came

    def part(self, share: float) -> float:
        """Return the waiting time, in microseconds, that `share` (0 to 1) of the answers stayed below."""
        waits = sorted(self.microseconds or [float("nan")])
        return waits[min(int(share * len(waits)), len(waits) - 1)]


def trial(serve: Callable[..., Any], *helpers: Callable[..., Any], silent: int = 500, questions: int = 300) -> Seen:
    """Start `serve(door)` as a program, `silent` guests who stay and say nothing, and one who asks `questions` times.

    A guest waits for PATIENCE seconds: long enough for a busy machine. The server `one_at_a_time`, of which no answer
    is to come, gets a second. Raises RuntimeError when one of the two programs ends early; what it said stands above.
    """
    with program(f"{serve.__name__}(opened())", opened, *helpers, serve) as server:
        port = int(_line(server))
        patience = 1 if serve.__name__ == "one_at_a_time" else PATIENCE
        with program(f"crowd({port}, {silent}, {questions}, {patience})", crowd) as guests:
            waits = json.loads(_line(guests))
            process = psutil.Process(server.pid)
            return Seen(process.num_threads(), process.memory_info().rss / 2**20, waits)


@contextmanager
def program(last: str, *functions: Callable[..., Any]) -> Iterator[subprocess.Popen[str]]:
    """Start a program of these functions and a last line that calls them; kill it at the end."""
    parts = [f"{IMPORTS}; import select, selectors"]
    parts += [inspect.getsource(one) for one in (more_descriptors, *functions)]
    command = [sys.executable, "-c", "\n".join([*parts, "more_descriptors()", last])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        try:
            yield started
        finally:
            started.kill()


def _line(started: subprocess.Popen[str]) -> str:
    assert started.stdout
    if not (line := started.stdout.readline()):
        raise RuntimeError("the server or its guests ended early; what they said stands above")
    return line


def more_descriptors() -> None:
    """Raise this process's limit of open descriptors to 4,096, where its owner may; Windows has none."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 4096 if hard == resource.RLIM_INFINITY else min(4096, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


def opened() -> socket.socket:
    """Open a door on a free port, and print the port."""
    door = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print(door.getsockname()[1], flush=True)
    return door


def crowd(port: int, silent: int, questions: int, patience: float) -> None:
    """Come as guests, ask as one of them, print how long each answer took, in microseconds, and stay.

    The system may limit how many wait at the door: a guest who does not get in is one without an answer.
    """
    address, waits, kept = ("127.0.0.1", port), [], []
    try:
        for _ in range(silent + 1):
            kept.append(guest := socket.create_connection(address, patience))
        for _ in range(questions):
            begin = time.perf_counter()
            guest.sendall(b"Is Dune in?")
            guest.recv(100)
            waits.append((time.perf_counter() - begin) * 1e6)
    except OSError:
        waits = None
    print(json.dumps(waits), flush=True)
    sys.stdin.read()
