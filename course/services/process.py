"""Start any server as a child that dies with us, and wait until it is ready."""

import socket
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from course.services.child import Child, ServiceError

__all__ = ["Child", "ServiceError", "accepts", "free_port", "start", "start_on_free_port"]

TRIES = 4
PORT_TAKEN = ("already in use", "only one usage of each socket address")


def free_port(host: str = "127.0.0.1") -> int:
    """Return a TCP port of `host` that nobody listens on now.

    Another process can take it before you do; `start_on_free_port` tries again then.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def accepts(port: int, host: str = "127.0.0.1") -> bool:
    """Say whether a connection to this port is accepted now."""
    try:
        socket.create_connection((host, port), timeout=1.0).close()
    except OSError:
        return False
    return True


def start(command: Sequence[str | Path], *, ready: int | Callable[[], bool] | None, name: str | None = None,
          timeout: float = 30.0, cwd: Path | None = None, env: Mapping[str, str] | None = None,
          stop_signal: str = "SIGTERM") -> Child:
    """Start a server as a child that dies with us, even after `kill -9`, and wait until it is ready.

    Parameters: `ready` is the port on 127.0.0.1 that it will accept connections on, a function that says whether
    it is ready, or None for no waiting; `name` is used in messages (the command's name unless given); `timeout`
    is in seconds; `env` is added to our environment; `stop_signal` names the POSIX signal that asks it to stop.

    Raises ServiceError, with the server's last log lines, when it cannot be executed, ends before it is ready,
    or is not ready in time, and when another process listens on its port. Nothing is left running then.
    """
    name = name or Path(command[0]).stem
    if isinstance(ready, int) and accepts(ready):  # or its answer would be taken for ours
        raise ServiceError(f"{name} was not started: port {ready} is already in use by another process")
    child = Child(name, env=env)
    try:
        child.run(command, cwd=cwd, stop_signal=stop_signal)
        if ready is not None:
            child.wait_ready(ready if callable(ready) else lambda: accepts(ready), timeout)
    except BaseException:
        child.stop(grace=1.0)
        raise
    return child


def start_on_free_port(attempt: Callable[[int], Child]) -> tuple[Child, int]:
    """Call `attempt(port)` with a free port, with another one when that was taken meanwhile; return child and port.

    Raises ServiceError when `attempt` fails for another reason.
    """
    for tries_left in reversed(range(TRIES)):
        port = free_port()
        try:
            return attempt(port), port
        except ServiceError as error:
            if not (tries_left and port_taken(error)):
                raise
    raise AssertionError("the last try returns or raises")


def port_taken(error: ServiceError) -> bool:
    """Say whether a server has reported that its port belongs to another process."""
    text = str(error).lower()
    return any(message in text for message in PORT_TAKEN)
