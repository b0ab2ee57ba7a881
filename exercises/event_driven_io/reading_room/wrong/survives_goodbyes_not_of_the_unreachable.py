# caught by: survives_goodbyes
# says: No route to host
"""A reading room: what one guest says, all others hear. One thread and one selector."""

import selectors
import socket
from selectors import EVENT_READ, EVENT_WRITE


class Guest:
    """One connection, with what belongs to it."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.name: bytes | None = None
        self.coming = b""  # what has come, and is no line yet
        self.waiting = bytearray()  # what it is to hear, and has not gone yet


class Room:
    """The guests, and the selector that watches them."""

    def __init__(self, selector: selectors.BaseSelector, limit: int) -> None:
        self.selector, self.limit = selector, limit
        self.guests: list[Guest] = []

    def enter(self, listening: socket.socket) -> None:
        """Let a guest in."""
        try:
            connection, _ = listening.accept()
        except BlockingIOError:
            return
        connection.setblocking(False)
        self.guests.append(Guest(connection))
        self.selector.register(connection, EVENT_READ, self.guests[-1])

    def leave(self, guest: Guest) -> None:
        """Close a guest's connection, once."""
        if guest in self.guests:
            self.guests.remove(guest)
            self.selector.unregister(guest.connection)
            guest.connection.close()

    def hear(self, guest: Guest) -> None:
        """Take what a guest says."""
        try:
            data = guest.connection.recv(65_536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.leave(guest)
            return
        *lines, guest.coming = (guest.coming + data).split(b"\n")
        for line in lines:
            self.said(guest, line)

    def said(self, guest: Guest, line: bytes) -> None:
        """The first line is a name; the others are for the others."""
        if guest.name is None:
            guest.name = line
            self.tell(guest, b"welcome, " + line + b"\n")
            return
        for other in [*self.guests]:  # a copy, since who is told may leave
            if other is not guest and other.name is not None:
                self.tell(other, guest.name + b": " + line + b"\n")

    def tell(self, guest: Guest, data: bytes) -> None:
        """Say something to a guest, now or when there is room."""
        guest.waiting += data
        self.send(guest)
        if len(guest.waiting) > self.limit:
            self.leave(guest)

    def send(self, guest: Guest) -> None:
        """Send what goes."""
        try:
            del guest.waiting[:guest.connection.send(guest.waiting)]
        except BlockingIOError:
            pass
        except ConnectionError:
            self.leave(guest)
            return
        self.selector.modify(guest.connection, EVENT_READ | (EVENT_WRITE if guest.waiting else 0), guest)


def serve(listening: socket.socket, stop: socket.socket, limit: int = 65_536) -> None:
    """Serve guests until `stop` can be read from."""
    listening.setblocking(False)
    with selectors.DefaultSelector() as selector:
        room = Room(selector, limit)
        selector.register(listening, EVENT_READ)
        selector.register(stop, EVENT_READ)
        try:
            while True:
                for key, mask in selector.select():
                    if key.fileobj is stop:
                        return
                    if key.fileobj is listening:
                        room.enter(listening)
                    if key.data and mask & EVENT_READ:
                        room.hear(key.data)
                    if key.data and mask & EVENT_WRITE:
                        room.send(key.data)
        finally:
            for guest in [*room.guests]:
                room.leave(guest)
