"""What has been said to a slow reader, and has not gone yet."""

import socket
from collections import deque
from selectors import EVENT_READ, EVENT_WRITE


class Outbox:
    """The sending side of a connection: a queue of pieces, of which the first may have gone in part."""

    def __init__(self, connection: socket.socket, high: int = 65_536, low: int = 16_384) -> None:
        self.connection, self.high, self.low = connection, high, low
        self.connection.settimeout(0)
        self.pieces: deque[memoryview] = deque()
        self.waiting, self.interest = 0, EVENT_READ
        self.paused = self.closed = self.ending = False

    def send(self, data: bytes) -> None:
        """Send now what goes now, and keep the rest. Raises ValueError after `close`."""
        if self.ending:
            raise ValueError("no more after close")
        if not self.closed and data:
            self.pieces.append(memoryview(data))
            self.waiting += len(data)
            self.writable()

    def writable(self) -> None:
        """Send one piece after the other, as far as it goes."""
        while self.pieces and not self.closed:
            piece = self.pieces.popleft()
            try:
                taken = self.connection.send(piece)
            except (BlockingIOError, InterruptedError):
                taken = 0
            except OSError:
                self.finish()
                return
            self.waiting -= taken
            if taken < len(piece):
                self.pieces.appendleft(piece[taken:])
                break
        if self.waiting > self.high:
            self.paused = True
        elif self.waiting <= self.low:
            self.paused = False
        self.look()

    def look(self) -> None:
        """Say what is to be watched."""
        if self.closed:
            return
        if self.ending and not self.waiting:
            self.finish()
        elif self.ending:
            self.interest = EVENT_WRITE
        else:
            self.interest = EVENT_READ | EVENT_WRITE if self.waiting else EVENT_READ

    def close(self) -> None:
        """Close the connection when all has gone."""
        self.ending = True
        self.look()

    def finish(self) -> None:
        """Close it now."""
        self.connection.close()
        self.pieces.clear()
        self.waiting = self.interest = 0
        self.paused, self.closed = False, True
