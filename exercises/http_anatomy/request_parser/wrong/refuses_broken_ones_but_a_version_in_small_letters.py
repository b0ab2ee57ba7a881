# caught by: refuses_broken_ones
# says: a version in small letters
"""The first thing that a server does with the bytes of a connection."""

from dataclasses import dataclass


@dataclass
class Request:
    """One request; the names of its fields are in small letters."""

    method: str
    target: str
    fields: list[tuple[str, str]]
    body: bytes


def parse_field(line: str) -> tuple[str, str]:
    """Return the name and the value of a field line."""
    name, colon, value = line.partition(":")
    if not colon or not name or name != name.strip(" \t") or "\r" in line or "\n" in line:
        raise ValueError(f"not a field line: {line!r}")
    return name.lower(), value.strip(" \t")


def parse_request(data: bytes) -> tuple[Request, bytes] | None:
    """Return the first request in `data` and the bytes after it; None while it is not complete.

    Raises ValueError when it can never become a request.
    """
    head, empty_line, after = data.partition(b"\r\n\r\n")
    if not empty_line:
        return None

    request_line, *lines = head.decode("ascii").split("\r\n")
    words = request_line.split(" ")
    if len(words) != 3 or not all(words):  # two spaces make an empty word
        raise ValueError(f"not a request line: {request_line!r}")
    method, target, version = words
    if version.upper() != "HTTP/1.1":
        raise ValueError(f"not a version that is spoken here: {version!r}")

    fields = [parse_field(line) for line in lines]
    names = [name for name, _ in fields]
    if names.count("host") != 1:
        raise ValueError("a request has exactly one Host")

    digits = dict(fields).get("content-length", "0")
    if not digits.isdigit():  # int() would take "+6", "-6" and "1_0"
        raise ValueError(f"not a length: {digits!r}")
    length = int(digits)
    if len(after) < length:
        return None
    return Request(method, target, fields, after[:length]), after[length:]
