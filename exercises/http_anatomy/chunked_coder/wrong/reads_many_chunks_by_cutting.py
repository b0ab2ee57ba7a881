# caught by: reads_many_chunks
# says: bytes behind them: decode_chunked copies
"""A body in chunks: how it is written, and how it is read."""

from collections.abc import Iterable

HEXADECIMAL = b"0123456789abcdefABCDEF"


def encode_chunked(pieces: Iterable[bytes]) -> bytes:
    """Return the pieces as a chunked body."""
    chunks = [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece]
    return b"".join(chunks) + b"0\r\n\r\n"


def cut_line(data: bytes) -> tuple[bytes, bytes]:
    """Return the first line and what follows it. Raises ValueError when it does not end."""
    line, end, after = data.partition(b"\r\n")
    if not end:
        raise ValueError("the body is cut short")
    return line, after


def decode_chunked(data: bytes) -> tuple[bytes, bytes]:
    """Return the body, and the bytes after it. Raises ValueError when it is not whole or not well formed."""
    body = bytearray()
    while True:
        line, data = cut_line(data)
        digits = line.partition(b";")[0]
        if not digits or digits.strip(HEXADECIMAL):  # int() would take "+4", "-4", "0x4" and "1_0"
            raise ValueError(f"not a length: {line!r}")
        if b"\n" in line:  # where some readers see the end of the line
            raise ValueError(f"a lone line end: {line!r}")
        length = int(digits, 16)
        if length == 0:
            break
        if len(data) < length + 2:
            raise ValueError("the body is cut short")
        if data[length:length + 2] != b"\r\n":
            raise ValueError("a chunk is longer than its length says")
        body += data[:length]
        data = data[length + 2:]

    while line:
        line, data = cut_line(data)
    return bytes(body), data
