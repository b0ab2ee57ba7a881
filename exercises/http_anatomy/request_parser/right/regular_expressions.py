# Another style: patterns say what a request line and a field line look like.
"""The first thing that a server does with the bytes of a connection."""

import re
from dataclasses import dataclass

LINE = re.compile(rb"([^ ]+) ([^ ]+) HTTP/1\.1")
FIELD = re.compile(rb"([^:\s]+):[ \t]*([^\r\n]*?)[ \t]*")
LENGTH = re.compile(rb"[0-9]+")


@dataclass
class Request:
    """One request; the names of its fields are in small letters."""

    method: str
    target: str
    fields: list[tuple[str, str]]
    body: bytes


def match(pattern: re.Pattern[bytes], text: bytes) -> tuple[str, ...]:
    """Return the groups. Raises ValueError when the whole text does not match."""
    if not (found := pattern.fullmatch(text)):
        raise ValueError(f"not what it should be: {text!r}")
    return tuple(group.decode("ascii") for group in found.groups())


def parse_request(data: bytes) -> tuple[Request, bytes] | None:
    """Return the first request in `data` and the bytes after it; None while it is not complete.

    Raises ValueError when it can never become a request.
    """
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    first, *lines = data[:end].split(b"\r\n")
    method, target = match(LINE, first)
    fields, hosts, size = [], 0, 0
    for line in lines:
        name, value = match(FIELD, line)
        name = name.lower()
        fields.append((name, value))
        hosts += name == "host"
        if name == "content-length":
            match(LENGTH, value.encode())
            size = int(value)
    if hosts != 1:
        raise ValueError("a request has exactly one Host")
    start = end + 4
    if len(data) < start + size:
        return None
    return Request(method, target, fields, data[start:start + size]), data[start + size:]
