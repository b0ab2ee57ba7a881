"""Messages in a stream: four bytes of length, then the message."""

import socket
import struct
from collections.abc import Iterator

LIMIT = 1 << 20  # bytes of the longest message
HEAD = struct.Struct(">I")


def frame(message: bytes) -> bytes:
    """Return the bytes that carry one message. Raises ValueError when it is longer than LIMIT."""
    if len(message) > LIMIT:
        raise ValueError(f"a message of {len(message)} bytes; the limit is {LIMIT}")
    return HEAD.pack(len(message)) + message


class FrameReader:
    """Takes bytes as they come, gives messages."""

    def __init__(self) -> None:
        self.data = b""
        self.pieces: list[bytes] = []
        self.have = 0
        self.length: int | None = None
        self.broken = False

    def feed(self, data: bytes) -> list[bytes]:
        """Take the next bytes; return the messages that they complete. Raises ValueError for a length above LIMIT."""
        if self.broken:
            raise ValueError("the stream was broken before")
        self.pieces.append(data)
        self.have += len(data)
        found = []
        while self.have >= (4 if self.length is None else self.length):
            self.data = b"".join([self.data, *self.pieces])
            self.pieces = []
            if self.length is None:
                self.length = int.from_bytes(self.data[:4], "big")
                self.take(4)
                if self.length > LIMIT:
                    self.broken = True
                    raise ValueError(f"a length of {self.length}; the limit is {LIMIT}")
            else:
                found.append(self.data[: self.length])
                self.take(self.length)
                self.length = None
        return found

    def take(self, count: int) -> None:
        """Cut off so many bytes from the front."""
        self.data = self.data[count:]
        self.have = len(self.data)

    def end(self) -> None:
        """Say that nothing more comes. Raises EOFError inside a message."""
        if self.have or self.length is not None:
            raise EOFError("the stream has ended inside a message")


def messages(connection: socket.socket) -> Iterator[bytes]:
    """Yield each message that comes, until the other side ends. Raises EOFError inside a message."""
    reader = FrameReader()
    while data := connection.recv(65_536):
        yield from reader.feed(data)
    reader.end()
