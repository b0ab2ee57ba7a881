# caught by: reports_half_a_response
# says: It took longer than 5 seconds
"""Several paths from one server, over one connection."""

import socket


def receive(connection: socket.socket) -> bytes:
    """Return the next bytes. Raises ConnectionError when there are no more."""
    data = connection.recv(4096)
    return data


def read_response(connection: socket.socket) -> tuple[int, bytes, bool]:
    """Return status and body of one response, and whether the connection stays open."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += receive(connection)
    head, _, body = data.partition(b"\r\n\r\n")

    status_line, *lines = head.decode("ascii").lower().split("\r\n")
    fields = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(fields.get("content-length", "0"))  # a 204 has none
    while len(body) < length:
        body += receive(connection)
    if len(body) > length:
        raise ConnectionError("bytes that belong to no response")
    return int(status_line.split(" ")[1]), body, "close" not in fields.get("connection", "")


def fetch_all(host: str, port: int, paths: list[str]) -> list[tuple[int, bytes]]:
    """Return status and body for each path."""
    responses = []
    connection = None
    try:
        for path in paths:
            if connection is None:
                connection = socket.create_connection((host, port))
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode("ascii"))
            status, body, stays_open = read_response(connection)
            responses.append((status, body))
            if not stays_open:
                connection.close()
                connection = None
    finally:
        if connection is not None:
            connection.close()
    return responses
