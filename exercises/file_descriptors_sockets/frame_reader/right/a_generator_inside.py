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
        self.data = bytearray()
        self.length: int | None = None
        self.broken = False

    def feed(self, data: bytes) -> list[bytes]:
        """Take the next bytes; return the messages that they complete. Raises ValueError for a length above LIMIT."""
        return [message for piece in [data] for message in self.cut(piece)]

    def cut(self, data: bytes) -> Iterator[bytes]:
        """Yield what is whole."""
        if self.broken:
            raise ValueError("the stream was broken before")
        self.data += data
        while len(self.data) >= 4:
            self.length = int.from_bytes(self.data[:4], "big")
            if self.length > LIMIT:
                self.broken = True
                raise ValueError(f"a length of {self.length}")
            if len(self.data) < 4 + self.length:
                return
            yield bytes(self.data[4 : 4 + self.length])
            del self.data[: 4 + self.length]
            self.length = None

    def end(self) -> None:
        """Say that nothing more comes. Raises EOFError inside a message."""
        if self.data or self.length is not None:
            raise EOFError("the stream has ended inside a message")


def messages(connection: socket.socket) -> Iterator[bytes]:
    """Yield each message that comes, until the other side ends. Raises EOFError inside a message."""
    reader = FrameReader()
    while data := connection.recv(65_536):
        yield from reader.feed(data)
    reader.end()
