"""One child process (`child.py`) as its runner sees it: requests, replies, what was printed, and its end."""

import contextlib
import json
import os
import queue
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from course.check.nursery import Forked, Mother
from course.check.steps import LOUDEST

WINDOWS = sys.platform == "win32"


class EndedError(Exception):
    """The child is gone or had to be stopped; `reason` is `slow`, `loud` or `exit`, `status` its exit status."""

    def __init__(self, reason: Literal["slow", "loud", "exit"], status: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


class Session:
    """A child process for one answer, in a process group and a temporary folder of its own.

    `mother` has loaded the checks already and forks the child; without one, a new Python starts.
    """

    def __init__(self, mother: Mother | None = None) -> None:
        self._word = secrets.token_hex(16)
        self._kin = {mother.word: mother.pid} if mother else {self._word: 0}  # the mark of descendants
        self._folder = tempfile.TemporaryDirectory(prefix="course_check_", ignore_cleanup_errors=True)
        self._process = self._forked(mother) or self._started()
        self._replies: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._printed = bytearray()
        self._mark = f"\0{self._word}\0".encode()  # printed by the child before each reply
        self._seen = self._replied = 0
        self._readers = [threading.Thread(target=self._until_closed, args=[read], daemon=True)
                         for read in (self._listen, self._overhear)]
        for reader in self._readers:
            reader.start()
        self._write(self._word)

    def _forked(self, mother: Mother | None) -> Forked | None:
        with contextlib.suppress(OSError):  # the mother has ended: the checks will say why when they are loaded here
            return Forked(mother, self._folder.name) if mother else None
        return None

    def _started(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-u", "-X", "utf8", "-c", "from course.check.child import main; main()"],
            cwd=self._folder.name,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "COURSE_CHECK": next(iter(self._kin))}, start_new_session=not WINDOWS)

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Send a request and return the reply. Raises EndedError when there is none within `seconds`."""
        with contextlib.suppress(OSError):  # a child that has gone: the missing reply tells the rest
            self._write(json.dumps(request))
        try:
            reply = self._replies.get(timeout=seconds)
        except queue.Empty:
            self.kill()
            raise EndedError("slow") from None
        if reply is None:
            self.kill()
            raise EndedError("loud" if len(self._printed) > LOUDEST else "exit", self._process.returncode)
        self._replied += 1
        return reply

    def printed(self) -> str:
        """Return what was printed since the last call: up to the latest reply, or all of a child that is gone."""
        deadline = time.monotonic() + 1
        ended = self._process.poll() is not None
        while ((ended or self._printed.count(self._mark) < self._replied)
               and self._readers[1].is_alive() and time.monotonic() < deadline):
            time.sleep(0.001)
        end = len(self._printed) if ended else self._printed.rfind(self._mark) + len(self._mark)
        text, self._seen = bytes(self._printed[self._seen:end]), end
        return text.replace(self._mark, b"").decode(errors="replace")

    def kill(self) -> None:
        """End the child and everything in its group, now."""
        if WINDOWS:
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(self._process.pid)], capture_output=True, check=False)
        else:
            for kill in (os.killpg, os.kill):  # the group, or a child that has not made its own yet
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    kill(self._process.pid, signal.SIGKILL)
                    break
        self._process.wait()

    def close(self, patience: float = 0.0) -> bool:
        """End the child and what it left behind; return whether there was anything after so many seconds.

        Helpers of a program that has ended (the resource tracker of multiprocessing) notice it a moment later.
        """
        deadline = time.monotonic() + patience
        while (strays := self._strays()) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.kill()
        for stray in strays:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(stray, signal.SIGKILL)
        for reader in self._readers:
            reader.join(1)  # what is left in the pipes; a process that holds one open does not hold us up
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._folder.cleanup()
        return bool(strays)

    def _strays(self) -> list[int]:
        """Return the processes that carry the mark in their environment. Only Linux shows it (proc(5))."""
        [(word, mother)], found = self._kin.items(), []
        mark = f"COURSE_CHECK={word}".encode()
        for environ in Path("/proc").glob("[0-9]*/environ"):
            pid = int(environ.parent.name)
            with contextlib.suppress(OSError):
                if pid not in (self._process.pid, mother) and mark in environ.read_bytes().split(b"\0"):
                    found.append(pid)
        return found

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()

    def _until_closed(self, read: Callable[[], None]) -> None:
        with contextlib.suppress(OSError, ValueError):  # we have closed the pipe
            read()

    def _listen(self) -> None:
        """Take in the replies; what does not carry the word is not from our side of the child."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with contextlib.suppress(ValueError):
                reply = json.loads(line)
                if isinstance(reply, dict) and reply.pop("word", None) == self._word:
                    self._replies.put(reply)
        self._replies.put(None)

    def _overhear(self) -> None:
        """Keep what is printed, up to the limit, and stop the child beyond it."""
        assert self._process.stderr is not None
        while chunk := os.read(self._process.stderr.fileno(), 1 << 16):
            self._printed += chunk
            if len(self._printed) > LOUDEST:
                self.kill()
                return
