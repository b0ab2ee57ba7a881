# caught by: tells_the_producer
# says: 60 bytes wait
"""What has been said to a slow reader, and has not gone yet."""

import socket
from selectors import EVENT_READ, EVENT_WRITE


class Outbox:
    """The sending side of a connection that must never block."""

    def __init__(self, connection: socket.socket, high: int = 65_536, low: int = 16_384) -> None:
        connection.setblocking(False)
        self.connection, self.high, self.low = connection, high, low
        self.data = bytearray()
        self.told = self.closing = self.closed = False

    @property
    def waiting(self) -> int:
        """The number of bytes that have not gone yet."""
        return len(self.data)

    @property
    def interest(self) -> int:
        """What a selector is to watch the connection for; 0 when it is closed."""
        if self.closed:
            return 0
        if self.closing:
            return EVENT_WRITE
        return EVENT_READ | EVENT_WRITE if self.data else EVENT_READ

    @property
    def paused(self) -> bool:
        """Whether the producer is to stop."""
        self.told = len(self.data) > (self.low if self.told else self.high)
        return self.told

    def send(self, data: bytes) -> None:
        """Send now what goes now, and keep the rest. Raises ValueError after `close`."""
        if self.closing:
            raise ValueError("the outbox is closed")
        if self.closed:
            return
        first = not self.data
        self.data += data
        if first:
            self.writable()

    def writable(self) -> None:
        """Send what goes: the selector has said that something does."""
        try:
            while self.data:
                del self.data[:self.connection.send(self.data)]
        except BlockingIOError:
            pass
        except OSError:
            self.end()
        if self.closing and not self.data:
            self.end()

    def close(self) -> None:
        """Close the connection when all has gone."""
        self.closing = True
        if not self.data:
            self.end()

    def end(self) -> None:
        """Close the connection now; nothing waits any more."""
        self.connection.close()
        self.data.clear()
        self.closed = True
