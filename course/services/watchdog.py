"""Keep one server and its folder no longer than the process that asked for them.

Run as a script, with the path of the folder as its argument; `course.services.process` is the other end.
Requests come as lines of JSON on standard input, `{"run": [command], ...}`, `{"stop": seconds}` and
`{"kill": true}`; answers leave as `pid N`, `error TEXT` and `exit STATUS` on standard output. End of file
on standard input means that the owner has ended, in whatever way: the server is stopped, the folder removed.

Only the standard library, and as little of it as possible: each server waits for this file to be read.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from types import FrameType
from typing import Any, NoReturn

WINDOWS = sys.platform == "win32"
LAST_GRACE = 10.0  # seconds that a server has to stop once its owner is gone
REMOVE_TRIES = 200  # on Windows a file cannot be removed while a dying process still holds it


def answer(kind: str, value: object) -> None:
    """Tell the owner; when it is gone there is nobody left to tell."""
    text = " ".join(str(value).split())
    with contextlib.suppress(OSError):
        os.write(1, f"{kind} {text}\n".encode(errors="replace"))


class Server:
    """The command that is running now; a thread reports how it ended."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.signal = request["signal"]
        with open(request["log"], "ab") as log:
            self.process = subprocess.Popen(
                request["run"], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                cwd=request["cwd"], **_own_group(), **_identity(request["uid"]))
        answer("pid", self.process.pid)
        self.waiter = threading.Thread(target=self._wait, daemon=True)
        self.waiter.start()

    def _wait(self) -> None:
        status = self.process.wait()
        self._kill_group()
        answer("exit", status)

    def _kill_group(self) -> None:
        """End what the server has left behind in its process group."""
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def terminate(self, grace: float) -> None:
        """Ask the server to stop; after `grace` seconds kill it and its process group."""
        if self.process.poll() is None:
            self.process.send_signal(signal.Signals["CTRL_BREAK_EVENT" if WINDOWS else self.signal])
        self.waiter.join(grace)
        if self.waiter.is_alive():
            self.kill_all()

    def kill(self) -> None:
        """Kill the server alone, as `kill -9` does; what it leaves behind is ended once it is gone."""
        self.process.kill()

    def kill_all(self) -> None:
        """Kill the server with every process that it started and that stayed in its group."""
        if WINDOWS:
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(self.process.pid)], capture_output=True)
        self._kill_group()
        self.waiter.join(LAST_GRACE)


def _own_group() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _identity(uid: int | None) -> dict[str, Any]:
    return {} if uid is None else {"user": uid, "group": uid, "extra_groups": []}


def obey(request: dict[str, Any], server: Server | None) -> Server | None:
    """Carry out one request; return the server that there is afterwards."""
    if "run" in request:
        try:
            return Server(request)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            answer("error", error)
    elif server and "stop" in request:
        server.terminate(request["stop"])
    elif server and "kill" in request:
        server.kill()
    return server


def remove(folder: str) -> None:
    """Remove the folder and all that it holds."""
    import shutil  # only needed at the end, when nobody waits

    for _ in range(REMOVE_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.exists(folder):
            return
        time.sleep(0.05)


def main(folder: str) -> None:
    """Serve requests until the owner closes the pipe or ends; then leave nothing behind."""
    signal.signal(signal.SIGTERM, _leave)
    server: Server | None = None
    try:
        for line in sys.stdin.buffer:
            server = obey(json.loads(line), server)
    finally:
        if server:
            server.terminate(LAST_GRACE)
        remove(folder)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


if __name__ == "__main__":
    main(sys.argv[1])
