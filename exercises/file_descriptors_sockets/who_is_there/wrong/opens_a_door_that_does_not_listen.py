# caught by: opens_a_door
# says: whether one can connect
"""A door on the same machine: a UNIX socket, whose server asks the system who is there."""

import os
import socket
import stat
import struct
from contextlib import suppress

LONGEST = 100  # bytes of a line


def open_door(path: str) -> socket.socket:
    """Return a UNIX socket that listens at `path`, for its owner alone. Raises OSError when something is there."""
    door = socket.socket(socket.AF_UNIX)
    try:
        if is_left_over(path):
            os.unlink(path)
        mask = os.umask(0o177)
        try:
            door.bind(path)
        finally:
            os.umask(mask)
    except BaseException:
        door.close()
        raise
    return door


def is_left_over(path: str) -> bool:
    """Tell whether this is a socket at which nobody listens."""
    try:
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            return False
    except FileNotFoundError:
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            return True
    return False


def peer(connection: socket.socket) -> tuple[int, int]:
    """Return pid and uid of the process at the other end."""
    pid, uid, _ = struct.unpack("iII", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return pid, uid


def read_line(connection: socket.socket) -> bytes | None:
    """Return one line without its end; None when it is too long, or the other side goes."""
    data = b""
    while b"\n" not in data:
        more = connection.recv(LONGEST + 1 - len(data)) if len(data) <= LONGEST else b""
        if not more:
            return None
        data += more
    return data.partition(b"\n")[0]


def serve(door: socket.socket, members: dict[int, str]) -> None:
    """Answer one guest after the other, until a member says `stop`."""
    stopped = False
    while not stopped:
        connection, _ = door.accept()
        with connection:
            try:
                stopped = answer(connection, members)
            except OSError:  # who goes is gone
                continue


def answer(connection: socket.socket, members: dict[int, str]) -> bool:
    """Answer one line; tell whether it was a member's `stop`."""
    line = read_line(connection)
    if line is None:
        return False
    pid, uid = peer(connection)
    name = members.get(uid)
    stops = line == b"stop" and name is not None
    said = {b"who": name or "stranger", b"pid": str(pid), b"stop": "bye" if stops else "no"}.get(line, "what?")
    with suppress(OSError):  # a member who says `stop` and goes has said it
        connection.sendall(f"{said}\n".encode())
    return stops
