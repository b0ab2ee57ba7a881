"""One server as a child process that dies with us, even when we are killed with `kill -9`.

Between us and the server stands a watchdog process (`watchdog.py`) that blocks on a pipe. The operating system
closes the pipe when we end, however we end; the watchdog then stops the server and removes its folder.
"""

import json
import os
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from course.services.guard import Guard

WATCHDOG = Path(__file__).with_name("watchdog.py")
# Only the standard library is needed, and Python starts faster so; paths are UTF-8 even where the locale is C.
FAST_START = ("-I", "-S", "-X", "utf8")
LOG_LINES = 20  # shown in an error
LOG_BYTES = 1 << 16  # read from the end of a log


class ServiceError(RuntimeError):
    """A server did not start, did not get ready or cannot be reached; the message says why and what to do."""


class Child:
    """A new folder and the server that runs in it; both end when we end.

    `name` is used in messages and in the folder's name, `env` is added to our environment for the server.
    What the server writes goes to the file `log`; `pid` is the process id of the latest command, 0 before it.
    """

    def __init__(self, name: str, *, env: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.folder = Path(tempfile.gettempdir()).resolve() / f"course_{name}_{uuid.uuid4().hex[:12]}"
        self.log = self.folder / "server.log"
        self.pid = 0
        self._log_start = 0
        self._last_words = ""
        self._status: int | None = None
        self._error: str | None = None
        self._changed = threading.Condition()
        self._watchdog = Guard([*FAST_START, str(WATCHDOG), str(self.folder)], self._hear,
                               env=env, cwd=self.folder.parent)
        self.folder.mkdir(mode=0o700)  # only now, so that at no moment there is nobody to remove it

    def run(self, command: Sequence[str | Path], *, cwd: Path | None = None, stop_signal: str = "SIGTERM",
            uid: int | None = None) -> int:
        """Start `command` and return its process id; the command before it must have ended.

        `stop_signal` names the POSIX signal that asks this server to stop (on Windows it is Ctrl-Break);
        `uid` is the user and group that root runs it as. Raises ServiceError when it cannot be executed.
        """
        if self.running:
            raise ServiceError(f"{self.name} (pid {self.pid}) still runs: stop it before it runs another command")
        self.pid, self._status, self._error = 0, None, None
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        self._ask({"run": [os.fspath(part) for part in command], "cwd": os.fspath(cwd or Path.cwd()),
                   "log": os.fspath(self.log), "signal": stop_signal, "uid": uid})
        with self._changed:
            self._changed.wait_for(lambda: self.pid or self._error is not None)
        if self._error is not None:
            raise ServiceError(f"{self.name}: {command[0]} cannot be started: {self._error}")
        return self.pid

    @property
    def running(self) -> bool:
        """Whether the command has been started and has not ended."""
        return self.pid != 0 and self._status is None and self._error is None

    def poll(self) -> int | None:
        """Return the exit status of the command, negative for a signal, or None while it runs."""
        return self._status

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the command has ended and return its exit status. Raises TimeoutError, ServiceError."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self.running, timeout):
                raise TimeoutError(f"{self.name} (pid {self.pid}) still runs after {timeout} seconds")
        if self._status is None:
            raise ServiceError(f"{self.name} has no exit status: {self._error or 'nothing was run'}")
        return self._status

    def wait_ready(self, ready: Callable[[], bool], timeout: float = 30.0) -> None:
        """Wait until `ready()` is true.

        Raises ServiceError with the last log lines when the server ends first or `timeout` seconds pass.
        """
        deadline = time.monotonic() + timeout
        while not ready():
            if not self.running:
                raise ServiceError(self.report(f"ended with exit status {self.wait()} before it was ready"))
            if time.monotonic() > deadline:
                raise ServiceError(self.report(f"was not ready after {timeout:g} seconds"))
            time.sleep(0.005)

    def terminate(self, grace: float = 10.0) -> int:
        """Ask the command to stop, kill it after `grace` seconds, return its exit status. The folder stays."""
        self._ask({"stop": grace})
        return self.wait()

    def kill(self) -> int:
        """Kill the command as `kill -9` does and return its exit status. The folder stays."""
        self._ask({"kill": True})
        return self.wait()

    def stop(self, grace: float = 10.0) -> int | None:
        """Stop the command, remove the folder, return the exit status (None when nothing was ever run)."""
        if self._watchdog.open:
            if self.running:
                self.terminate(grace)
            self._last_words = self.log_text()
            self._watchdog.close()
        return self._status

    def log_text(self) -> str:
        """Return what the command has written, at most the last 64 KB; it is kept after `stop()`."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(self._log_start, self.log.stat().st_size - LOG_BYTES))
                return log.read().decode(errors="replace")
        except FileNotFoundError:
            return self._last_words

    def report(self, what: str) -> str:
        """Return a message that says what happened and shows the last log lines."""
        lines = self.log_text().splitlines()[-LOG_LINES:] or ["(it has written nothing)"]
        return "\n".join([f"{self.name} {what}. Its last log lines:", *(f"    {line}" for line in lines)])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def _ask(self, request: dict[str, Any]) -> None:
        if not self._watchdog.send(json.dumps(request)):
            raise ServiceError(f"{self.name} has been stopped: start a new one")

    def _hear(self, kind: str, value: str) -> None:
        """Take in one answer of the watchdog; this runs in the guard's thread."""
        with self._changed:
            if kind == "pid":
                self.pid = int(value)
            elif kind == "exit":
                self._status = int(value)
            else:
                self._error = value
            self._changed.notify_all()
