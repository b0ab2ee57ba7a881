# Another style: the socket as a file, which reads lines and numbers of bytes, as in the lesson.
"""Several paths from one server, over one connection."""

import socket
from contextlib import ExitStack
from typing import BinaryIO


def read_response(file: BinaryIO) -> tuple[int, dict[str, str], bytes]:
    """Return status, fields and body of one response. Raises ConnectionError when it is not whole."""
    lines = []
    while (line := file.readline()) != b"\r\n":
        if not line.endswith(b"\r\n"):
            raise ConnectionError("no whole head")
        lines.append(line.decode("ascii").strip())
    fields = {}
    for field in lines[1:]:
        name, _, value = field.partition(":")
        fields[name.lower()] = value.strip()
    status = int(lines[0].split()[1])
    length = 0 if status == 204 else int(fields["content-length"])
    body = file.read(length)
    if len(body) < length:
        raise ConnectionError("no whole body")
    return status, fields, body


def fetch_all(host: str, port: int, paths: list[str]) -> list[tuple[int, bytes]]:
    """Return status and body for each path."""
    pairs: list[tuple[int, bytes]] = []
    while len(pairs) < len(paths):
        with ExitStack() as stack:
            connection = stack.enter_context(socket.create_connection((host, port)))
            file = stack.enter_context(connection.makefile("rb"))
            for path in paths[len(pairs):]:
                connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
                status, fields, body = read_response(file)
                pairs.append((status, body))
                if "close" in fields.get("connection", "").lower().replace(" ", "").split(","):
                    break
    return pairs
