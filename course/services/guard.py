"""A Python process that learns that we have ended, however we ended.

Its standard input is a pipe that only we hold open. When we end, the operating system closes it and the process
reads end of file: no signal, no handler of ours and no orderly exit are needed.
"""

import atexit
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

_open: "set[Guard]" = set()


class Guard:
    """A process that reads our pipe and cleans up at end of file.

    Parameters: `arguments` follow the name of the Python interpreter; `hear(kind, rest)` is called, in a thread
    of its own, for each line `KIND REST` that the process writes, and with `("gone", reason)` once it has ended;
    `env` is added to our environment.
    """

    def __init__(self, arguments: Sequence[str], hear: Callable[[str, str], None], *,
                 env: Mapping[str, str] | None = None, cwd: Path | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *arguments], bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, cwd=cwd, env={**os.environ, **(env or {})}, **_apart())
        assert self._process.stdin
        assert self._process.stdout
        self._pipe: IO[bytes] = self._process.stdin
        self._answers: IO[bytes] = self._process.stdout
        self._thread = threading.Thread(target=_listen, args=(self._answers, hear), daemon=True)
        _open.add(self)
        self._thread.start()

    @property
    def open(self) -> bool:
        """Whether the pipe is still ours to write to."""
        return self in _open

    def send(self, line: str) -> bool:
        """Write one line to the process; return False when it can no longer be reached."""
        if not self.open:
            return False
        try:
            self._pipe.write(line.encode() + b"\n")
        except OSError:
            return False
        return True

    def release(self) -> None:
        """Close the pipe without waiting for what the process then does."""
        _open.discard(self)
        self._pipe.close()

    def close(self) -> None:
        """Close the pipe and wait until the process has cleaned up and ended."""
        self.release()
        self._process.wait()
        self._thread.join()
        self._answers.close()

    def forget(self) -> None:
        """Let go in a forked copy of us: the pipe must close when the original ends, not when the copy does."""
        self._pipe.close()
        self._answers.close()
        self._process.returncode = 0  # the copy is not its parent and cannot wait for it


def _apart() -> dict[str, Any]:
    """Keep Ctrl-C and signals to our process group away, and on Windows any console window."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _listen(answers: IO[bytes], hear: Callable[[str, str], None]) -> None:
    for line in answers:
        kind, _, rest = line.decode(errors="replace").strip().partition(" ")
        hear(kind, rest)
    hear("gone", "its watchdog has ended")


def _close_all() -> None:
    """At a normal exit wait for the clean-up, so that nothing is left once we have ended."""
    guards = list(_open)
    for guard in guards:
        guard.release()
    for guard in guards:
        guard.close()


def _forget_all() -> None:
    for guard in _open:
        guard.forget()
    _open.clear()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
