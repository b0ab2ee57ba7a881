# caught by: refuses_half_a_body
# says: The connection ended before the body
"""A body in chunks: how it is written, and how it is read."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import BinaryIO


def encode_chunked(pieces: Iterable[bytes]) -> bytes:
    """Return the pieces as a chunked body."""
    wire = b""
    for piece in pieces:
        if piece:
            wire += f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    return wire + b"0\r\n\r\n"


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the data of each chunk, and read to the end of the message."""
    while size := int(stream.readline().partition(b";")[0], 16):
        yield stream.read(size)
        if stream.read(2) != b"\r\n":
            raise ValueError("no line end after a chunk")
    while stream.readline() not in (b"\r\n", b""):
        pass


def decode_chunked(data: bytes) -> tuple[bytes, bytes]:
    """Return the body, and the bytes after it. Raises ValueError when it is not whole or not well formed."""
    stream = BytesIO(data)
    body = b"".join(chunks(stream))
    return body, stream.read()
