# caught by: refuses_what_is_malformed
# says: the length ' 4'
"""A body in chunks: how it is written, and how it is read."""

from collections.abc import Iterable

HEXADECIMAL = b"0123456789abcdefABCDEF"


def encode_chunked(pieces: Iterable[bytes]) -> bytes:
    """Return the pieces as a chunked body."""
    chunks = [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece]
    return b"".join(chunks) + b"0\r\n\r\n"


def line_at(data: bytes, at: int) -> tuple[bytes, int]:
    """Return the line that begins at `at`, and where the next begins. Raises ValueError when it does not end."""
    end = data.find(b"\r\n", at)
    if end < 0:
        raise ValueError("the body is cut short")
    return data[at:end], end + 2


def decode_chunked(data: bytes) -> tuple[bytes, bytes]:
    """Return the body, and the bytes after it. Raises ValueError when it is not whole or not well formed."""
    body, at = bytearray(), 0  # a position that moves: cutting `data` shorter would copy all of it for each chunk
    while True:
        line, at = line_at(data, at)
        digits = line.partition(b";")[0].strip()
        if not digits or digits.strip(HEXADECIMAL):  # int() would take "+4", "-4", "0x4" and "1_0"
            raise ValueError(f"not a length: {line!r}")
        if b"\n" in line:  # where some readers see the end of the line
            raise ValueError(f"a lone line end: {line!r}")
        end = at + int(digits, 16)
        if end == at:
            break
        if len(data) < end + 2:
            raise ValueError("the body is cut short")
        if data[end:end + 2] != b"\r\n":
            raise ValueError("a chunk is longer than its length says")
        body += data[at:end]
        at = end + 2

    while line:
        line, at = line_at(data, at)
    return bytes(body), data[at:]
