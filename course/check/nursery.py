"""Processes that have loaded an exercise's checks and fork for each answer: what the checks import is imported once.

Importing FastAPI takes longer than most checks. Only on Linux: elsewhere a process that has loaded libraries cannot
be forked safely, and each answer gets a process from scratch.
"""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Self

AVAILABLE = sys.platform == "linux"
KEPT = 4  # idle mothers, some 60 MB each


class Mother:
    """A process that has loaded `checks` and forks on demand, one child at a time."""

    def __init__(self, checks: Path) -> None:
        self.key = _key(checks)
        self.word = secrets.token_hex(16)  # in the environment of all its descendants
        self.line, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-X", "utf8", "-c", "from course.check.nursery_child import main; main()",
             str(checks)], stdin=theirs.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "COURSE_CHECK": self.word}, start_new_session=True)
        theirs.close()
        self._told = b""

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can fork."""
        return self._process.poll() is None

    def fork(self, folder: str, descriptors: list[int]) -> int:
        """Fork a child with these three standard descriptors, at work in `folder`; return its process id.

        Raises OSError when there is no such process any more: its checks cannot be loaded, or it was killed.
        """
        self.line.settimeout(None)
        socket.send_fds(self.line, [folder.encode()], descriptors)
        return self.hear()

    def hear(self, seconds: float | None = None) -> int:
        """Return the next number that it tells. Raises TimeoutError, and OSError when it has ended."""
        self.line.settimeout(seconds)
        while b"\n" not in self._told:
            more = self.line.recv(64)
            if not more:
                raise OSError("the process that forks has ended")
            self._told += more
        told, _, self._told = self._told.partition(b"\n")
        return int(told)

    def close(self) -> None:
        """End it."""
        self.line.close()
        self._process.kill()
        self._process.wait()


class Forked:
    """A child of a mother, with the parts of `subprocess.Popen` that a session asks for. Raises OSError."""

    def __init__(self, mother: Mother, folder: str) -> None:
        (read_in, write_in), (read_out, write_out), (read_err, write_err) = (os.pipe() for _ in range(3))
        self.stdin: IO[bytes] = os.fdopen(write_in, "wb")
        self.stdout: IO[bytes] = os.fdopen(read_out, "rb")
        self.stderr: IO[bytes] = os.fdopen(read_err, "rb")
        self.returncode: int | None = None
        self._mother, self._asking = mother, threading.Lock()
        try:
            self.pid = mother.fork(folder, [read_in, write_out, write_err])
        except OSError:
            for pipe in (self.stdin, self.stdout, self.stderr):
                pipe.close()
            raise
        finally:
            for descriptor in (read_in, write_out, write_err):
                os.close(descriptor)

    def poll(self) -> int | None:
        """Return the exit status, or None while it runs."""
        with contextlib.suppress(TimeoutError):
            return self.wait(0.001)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit status when it has ended. Raises TimeoutError."""
        with self._asking:  # two threads that ask would take what is told of the next child
            if self.returncode is None:
                try:
                    self.returncode = self._mother.hear(timeout)
                except TimeoutError:
                    raise
                except OSError:  # the mother is gone, and her child with its line to us
                    self.returncode = -9
            return self.returncode


class Nursery:
    """The mothers of a program that checks many answers, or one answer again and again. Safe for threads."""

    def __init__(self) -> None:
        self._idle: list[Mother] = []
        self._lock = threading.Lock()

    def take(self, checks: Path) -> Mother | None:
        """Return a mother that has loaded `checks` as they are now; None where there can be none."""
        if not AVAILABLE:
            return None
        with self._lock:
            for mother in self._idle:
                if mother.key == _key(checks) and mother.alive:
                    self._idle.remove(mother)
                    return mother
        return Mother(checks)

    def give_back(self, mother: Mother) -> None:
        """Keep a mother for the next answer, and let go of those that were not asked for longest."""
        with self._lock:
            self._idle.append(mother)
            leaving = self._idle[:-KEPT]
            self._idle = self._idle[-KEPT:]
        for old in leaving:
            old.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        with self._lock:
            leaving, self._idle = self._idle, []
        for mother in leaving:
            mother.close()


def _key(checks: Path) -> tuple[str, int]:
    return str(checks), checks.stat().st_mtime_ns
