"""The process in which an answer is checked. Started by `runner.py`, never by hand.

It speaks with the runner over its first two descriptors, which it moves away before anything of the answer runs: what
the answer prints or reads goes elsewhere, and each message carries a word that only the two know. One JSON object a
line: `{"answer": path, "checks": path}`, then `{"load": true}`, then `{"check": id, "resources": {...}}` per check.
"""

import faulthandler
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from course.check import inspection, judge
from course.check.kit import Check
from course.check.steps import Planned

MEMORY = 4 << 30  # bytes of address space
CPU = 300  # seconds, in case nobody is left to stop us


class Line:
    """The two-way line to the runner."""

    def __init__(self) -> None:
        self._requests: BinaryIO = os.fdopen(os.dup(0), "rb")
        self._replies = os.dup(1)
        self._word = self._requests.readline().strip().decode()
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(2, 1)
        os.close(nothing)
        self._encode = json.JSONEncoder().encode  # bound now, before an answer could replace it
        self._pending: list[bytes] = []
        self._arrived = threading.Semaphore(0)
        threading.Thread(target=self._listen, name="runner's line", daemon=True).start()

    def receive(self) -> dict[str, Any]:
        """Return the next request."""
        self._arrived.acquire()
        request: dict[str, Any] = json.loads(self._pending.pop(0))
        return request

    def send(self, kind: str, **content: Any) -> None:
        """Send a reply, after all that was printed before it."""
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os.write(2, f"\0{self._word}\0".encode())
        data = self._encode({"word": self._word, "kind": kind, **content}).encode() + b"\n"
        while data:
            data = data[os.write(self._replies, data):]

    def _listen(self) -> None:
        """Take requests in, and end everything when the runner has gone: even an endless loop."""
        for line in self._requests:
            self._pending.append(line)
            self._arrived.release()
        _end_group()


def _end_group() -> None:
    if hasattr(os, "killpg"):
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


def main(plan: dict[str, Check] | None = None) -> None:
    """Serve the runner until it ends us; `plan` holds the checks by name when they have been loaded already."""
    line = Line()
    _limit()
    inspection.quiet_warnings()
    send, receive, leave = line.send, line.receive, os._exit
    job = receive()
    path, checks = Path(job["answer"]), Path(job["checks"])
    try:
        plan = plan or {check.id: check for check in judge.load_checks(checks)}
    except BaseException as error:
        send("unusable", message=f"{checks}: {type(error).__name__}: {error}")
        leave(1)
    send("plan", checks=[Planned.of(check).to_json() for check in plan.values()])
    while True:
        send("result", **_serve(receive(), plan, path, checks))


def _serve(request: dict[str, Any], plan: dict[str, Any], path: Path, checks: Path) -> dict[str, Any]:
    """Load the answer (`{"load": ...}`) or run one check; a change to what checks it turns a pass into a failure."""
    check = plan[request["check"]] if request.get("check") else None
    seconds = check.timeout + 0.2 if check else request["seconds"]  # for a loop that never awaits
    result, found = inspection.inspect(check, path, checks, request.get("resources", {}), _watched(seconds))
    return {"result": result.__dict__, "problems": found}


@contextmanager
def _watched(seconds: float) -> Iterator[None]:
    """Write where each thread stands when the block takes longer than `seconds`."""
    faulthandler.dump_traceback_later(seconds, file=2)
    yield
    faulthandler.cancel_dump_traceback_later()


def _limit() -> None:
    """Bound memory and processor time where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU)):
        try:
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))
        except (OSError, ValueError):  # not on this system, or already lower
            continue


if __name__ == "__main__":
    main()
