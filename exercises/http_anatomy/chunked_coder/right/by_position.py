# Another style: a pattern reads the line of a size, and the chunks are joined at the end.
"""A body in chunks: how it is written, and how it is read."""

import re
from collections.abc import Iterable

SIZE_LINE = re.compile(rb"([0-9A-Fa-f]+)(;[^\r\n]*)?\r\n")


def encode_chunked(pieces: Iterable[bytes]) -> bytes:
    """Return the pieces as a chunked body."""
    wire = bytearray()
    for piece in pieces:
        if piece:
            wire += f"{len(piece):X}\r\n".encode() + piece + b"\r\n"
    return bytes(wire + b"0\r\n\r\n")


def decode_chunked(data: bytes) -> tuple[bytes, bytes]:
    """Return the body, and the bytes after it. Raises ValueError when it is not whole or not well formed."""
    body, at = [], 0
    while True:
        found = SIZE_LINE.match(data, at)
        if not found:
            raise ValueError(f"no chunk begins at byte {at}")
        at = found.end()
        size = int(found[1], 16)
        if not size:
            break
        body.append(data[at:at + size])
        at += size
        if data[at:at + 2] != b"\r\n":
            raise ValueError(f"no chunk ends at byte {at}")
        at += 2
    while data[at:at + 2] != b"\r\n":
        at = data.index(b"\r\n", at) + 2  # index raises ValueError when there is none
    return b"".join(body), data[at + 2:]
