"""What has been said to a slow reader, and has not gone yet."""

import selectors
import socket


class Outbox:
    """The sending side of a connection; what waits is in one piece of bytes."""

    def __init__(self, connection: socket.socket, high: int = 65_536, low: int = 16_384) -> None:
        connection.setblocking(False)
        self.connection = connection
        self.marks = low, high
        self.rest = b""
        self.stopped = self.asked_to_close = False

    @property
    def closed(self) -> bool:
        """Whether the connection is closed."""
        return self.connection.fileno() == -1

    @property
    def paused(self) -> bool:
        """Whether the producer is to wait."""
        return self.stopped and not self.closed

    @property
    def waiting(self) -> int:
        """The number of bytes that wait."""
        return len(self.rest)

    @property
    def interest(self) -> int:
        """What to watch for."""
        reading = 0 if self.closed or self.asked_to_close else selectors.EVENT_READ
        return reading | (selectors.EVENT_WRITE if self.rest else 0)

    def send(self, data: bytes) -> None:
        """Send now what goes now, and keep the rest. Raises ValueError after `close`."""
        if self.asked_to_close:
            raise ValueError("closed")
        if self.closed:
            return
        if self.rest:
            self.rest += data
        else:
            self.rest = self.after_sending(data)
        self.mark()

    def after_sending(self, data: bytes) -> bytes:
        """Send what goes, and return what does not."""
        try:
            return data[self.connection.send(data):]
        except BlockingIOError:
            return data
        except OSError:
            self.connection.close()
            return b""

    def mark(self) -> None:
        """Look at the marks."""
        low, high = self.marks
        if len(self.rest) > high or len(self.rest) <= low:
            self.stopped = len(self.rest) > high

    def writable(self) -> None:
        """Send what goes."""
        if self.rest:
            self.rest = self.after_sending(self.rest)
            self.mark()
        if self.asked_to_close:
            self.close()

    def close(self) -> None:
        """Close the connection when all has gone."""
        self.asked_to_close = True
        if not self.rest:
            self.connection.close()
