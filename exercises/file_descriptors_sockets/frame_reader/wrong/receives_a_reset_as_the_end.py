# caught by: receives
# says: and then the connection breaks off
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
        if self.broken:
            raise ValueError("the stream was broken before")
        self.data += data
        found, at = [], 0
        while True:
            if self.length is None:
                if len(self.data) - at < HEAD.size:
                    break
                (self.length,) = HEAD.unpack_from(self.data, at)
                at += HEAD.size
                if self.length > LIMIT:
                    self.broken = True
                    raise ValueError(f"a length of {self.length}; the limit is {LIMIT}")
            if len(self.data) - at < self.length:
                break
            found.append(bytes(self.data[at : at + self.length]))
            at, self.length = at + self.length, None
        del self.data[:at]
        return found

    def end(self) -> None:
        """Say that nothing more comes. Raises EOFError inside a message."""
        if self.data or self.length is not None:
            raise EOFError("the stream has ended inside a message")


def messages(connection: socket.socket) -> Iterator[bytes]:
    """Yield each message that comes, until the other side ends. Raises EOFError inside a message."""
    reader = FrameReader()
    try:
        while data := connection.recv(65_536):
            yield from reader.feed(data)
    except ConnectionError:
        pass
    reader.end()
