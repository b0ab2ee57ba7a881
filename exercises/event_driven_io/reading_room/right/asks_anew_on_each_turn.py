"""A reading room: what one guest says, all others hear. The masks are set anew before each select."""

import selectors
import socket
from selectors import EVENT_READ, EVENT_WRITE


class Guest:
    """One connection, with what belongs to it."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.name: bytes | None = None
        self.coming = b""
        self.waiting = b""
        self.gone = False

    def read(self) -> list[bytes]:
        """Return the lines that have come."""
        try:
            data = self.connection.recv(1 << 16)
            self.gone = self.gone or not data
        except BlockingIOError:
            data = b""
        except OSError:
            self.gone, data = True, b""
        lines = (self.coming + data).split(b"\n")
        self.coming = lines.pop()
        return lines

    def write(self) -> None:
        """Send what goes."""
        try:
            self.waiting = self.waiting[self.connection.send(self.waiting):]
        except BlockingIOError:
            pass
        except OSError:
            self.gone = True


def serve(listening: socket.socket, stop: socket.socket, limit: int = 65_536) -> None:
    """Serve guests until `stop` can be read from."""
    listening.setblocking(False)
    selector = selectors.DefaultSelector()
    for caller in (listening, stop):
        selector.register(caller, EVENT_READ)
    guests: list[Guest] = []
    try:
        while True:
            ready = selector.select()
            if any(key.fileobj is stop for key, _ in ready):
                break
            for key, mask in ready:
                if key.fileobj is listening:
                    try:
                        connection, _ = listening.accept()
                    except BlockingIOError:
                        continue
                    connection.setblocking(False)
                    guests.append(Guest(connection))
                    selector.register(connection, EVENT_READ, guests[-1])
                elif mask & EVENT_READ and not key.data.gone:
                    for line in key.data.read():
                        spread(guests, key.data, line, limit)
            for guest in guests:
                if guest.waiting and not guest.gone:
                    guest.write()
                    guest.gone = guest.gone or len(guest.waiting) > limit
                if guest.gone:
                    selector.unregister(guest.connection)
                    guest.connection.close()
                else:
                    selector.modify(guest.connection, EVENT_READ | (EVENT_WRITE * bool(guest.waiting)), guest)
            guests = [guest for guest in guests if not guest.gone]
    finally:
        selector.close()
        for guest in guests:
            guest.connection.close()


def spread(guests: list[Guest], speaker: Guest, line: bytes, limit: int) -> None:
    """Let all others hear a line; a name is for nobody else."""
    if speaker.name is None:
        speaker.name, speaker.waiting = line, b"welcome, " + line + b"\n"
        return
    for guest in guests:
        if guest is not speaker and guest.name is not None and not guest.gone:
            guest.waiting += speaker.name + b": " + line + b"\n"
            if len(guest.waiting) > limit:
                guest.write()
