"""A process that owns servers and can be killed, and a look at what is left of it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from course.services import process

PATIENCE = 30.0  # seconds after which something that must happen has not happened
PACKAGE = Path(process.__file__).parents[2]


def eventually(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"not seen within {PATIENCE:g} s: {what}"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Owner:
    """A process that runs `code`, which ends with `tell(...)`: it sends us that value and waits to be ended."""

    PRELUDE = ("import json, os, sys, time\n"
               "def tell(value):\n"
               "    print(json.dumps(value), flush=True)\n"
               "    sys.stdin.read()\n")

    def __init__(self, code: str, *, python: str = sys.executable, env: dict[str, str] | None = None,
                 **options: object) -> None:
        self.process = subprocess.Popen(
            [python, "-c", self.PRELUDE + code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
            cwd=PACKAGE, env={**os.environ, **(env or {})}, **options)

    def told(self) -> dict:
        line = self.process.stdout.readline()
        assert line, f"the owner ended with status {self.process.wait()} and told nothing"
        return json.loads(line)

    def family(self) -> list[int]:
        return [child.pid for child in psutil.Process(self.process.pid).children(recursive=True)]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """Let it end by itself."""
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()
