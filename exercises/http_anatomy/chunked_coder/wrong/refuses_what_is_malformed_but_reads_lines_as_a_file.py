# caught by: refuses_what_is_malformed
# says: a lone \n
"""A body in chunks: how it is written, and how it is read."""

from collections.abc import Iterable
from io import BytesIO

HEXADECIMAL = b"0123456789abcdefABCDEF"


def encode_chunked(pieces: Iterable[bytes]) -> bytes:
    """Return the pieces as a chunked body."""
    chunks = [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece]
    return b"".join(chunks) + b"0\r\n\r\n"


def read_line(stream: BytesIO) -> bytes:
    """Return the next line without its end. Raises ValueError when it does not end."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        raise ValueError("the body is cut short")
    return line.rstrip(b"\r\n")


def decode_chunked(data: bytes) -> tuple[bytes, bytes]:
    """Return the body, and the bytes after it. Raises ValueError when it is not whole or not well formed."""
    stream, chunks = BytesIO(data), []
    while True:
        digits = read_line(stream).partition(b";")[0]
        if not digits or digits.strip(HEXADECIMAL):  # int() would take "+4", "-4", "0x4" and "1_0"
            raise ValueError(f"not a length: {digits!r}")
        length = int(digits, 16)
        if length == 0:
            break
        chunk = stream.read(length)
        if len(chunk) < length or stream.read(2) != b"\r\n":
            raise ValueError("a chunk is not as long as its length says")
        chunks.append(chunk)

    while read_line(stream):
        continue
    return b"".join(chunks), stream.read()
