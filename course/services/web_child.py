"""An ASGI application served by uvicorn in a child process that dies with us."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from course.services.process import Child, start, start_on_free_port

HOST = "127.0.0.1"


class ChildServer:
    """An application served by uvicorn in a process of its own that dies with us; made by `serve_child`."""

    def __init__(self, child: Child, port: int) -> None:
        self._child = child
        self.port = port
        self.url = f"http://{HOST}:{port}"

    @property
    def pid(self) -> int:
        """The process id of uvicorn."""
        return self._child.pid

    @property
    def running(self) -> bool:
        """Whether the process runs."""
        return self._child.running

    def log_text(self) -> str:
        """Return the end of what the process has written, also after `stop()`."""
        return self._child.log_text()

    def kill(self) -> int:
        """Kill the process as `kill -9` does and return its exit status."""
        return self._child.kill()

    def stop(self) -> int:
        """Send SIGTERM (on Windows Ctrl-Break), wait, and return the exit status; -15 says ended by SIGTERM."""
        self._child.stop()
        return self._child.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()


def serve_child(target: str | Path, *, port: int = 0, cwd: Path | None = None,
                env: Mapping[str, str] | None = None, **uvicorn_options: Any) -> ChildServer:
    """Serve an application in a child process and return once it accepts connections.

    Parameters: `target` is `module:app`, or the path of a file, with `:name` when the application in it is not
    called `app`; port 0 is a free one; `env` is added to our environment; `uvicorn_options` are uvicorn's command
    line options with underscores: `workers=2`, `access_log=False`. Raises ServiceError with the last log lines.
    """
    command = [sys.executable, "-m", "uvicorn", *_target(target), *_flags(uvicorn_options), "--host", HOST]
    lines = {"PYTHONUNBUFFERED": "1", **(env or {})}  # what the application prints is in the log at once

    def attempt(number: int) -> Child:
        return start([*command, "--port", str(number)], ready=number, name="uvicorn", cwd=cwd, env=lines)

    return ChildServer(attempt(port), port) if port else ChildServer(*start_on_free_port(attempt))


def _target(target: str | Path) -> list[str]:
    """Return uvicorn's arguments for a module or a file: a file is a module in its own folder."""
    text = os.fspath(target)
    path, _, name = (text, "", "app") if text.endswith(".py") else text.rpartition(":")
    if not path.endswith(".py"):
        return [text]
    return [f"{Path(path).stem}:{name}", "--app-dir", str(Path(path).resolve().parent)]


def _flags(options: Mapping[str, Any]) -> list[str]:
    flags = []
    for name, value in options.items():
        flag = name.replace("_", "-")
        flags += [f"--{flag}"] if value is True else [f"--no-{flag}"] if value is False else [f"--{flag}", str(value)]
    return flags
