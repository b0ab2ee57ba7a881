"""A reading room: what one guest says, all others hear. What is registered is a function to call."""

import selectors
import socket
from collections import deque
from contextlib import ExitStack
from selectors import EVENT_READ, EVENT_WRITE


class Guest:
    """One connection, with what belongs to it."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.name: bytes | None = None
        self.pieces: list[bytes] = []
        self.queue: deque[bytes] = deque()
        self.bytes_waiting = 0


def serve(listening: socket.socket, stop: socket.socket, limit: int = 65_536) -> None:
    """Serve guests until `stop` can be read from."""
    guests: dict[int, Guest] = {}
    running = True

    def on_door(_: int) -> None:
        try:
            connection, _address = listening.accept()
        except BlockingIOError:
            return
        connection.settimeout(0.0)
        guest = guests[connection.fileno()] = Guest(connection)
        selector.register(connection, EVENT_READ, lambda mask: on_guest(guest, mask))

    def on_guest(guest: Guest, mask: int) -> None:
        if mask & EVENT_WRITE and guest.connection.fileno() in guests:
            flush(guest)
        if mask & EVENT_READ and guest.connection.fileno() in guests:
            receive(guest)

    def receive(guest: Guest) -> None:
        try:
            data = guest.connection.recv(4096)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            drop(guest)
        while b"\n" in data:
            end, _, data = data.partition(b"\n")
            line = b"".join((*guest.pieces, end))
            guest.pieces.clear()
            if guest.name is None:
                guest.name = line
                tell(guest, b"welcome, %b\n" % line)
            else:
                for other in list(guests.values()):
                    if other is not guest and other.name is not None:
                        tell(other, b"%b: %b\n" % (guest.name, line))
        guest.pieces.append(data)

    def tell(guest: Guest, data: bytes) -> None:
        guest.queue.append(data)
        guest.bytes_waiting += len(data)
        flush(guest)
        if guest.bytes_waiting > limit:
            drop(guest)

    def flush(guest: Guest) -> None:
        try:
            while guest.queue:
                taken = guest.connection.send(guest.queue[0])
                guest.bytes_waiting -= taken
                if taken < len(guest.queue[0]):
                    guest.queue[0] = guest.queue[0][taken:]
                else:
                    guest.queue.popleft()
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            drop(guest)
            return
        wanted = EVENT_READ | EVENT_WRITE if guest.queue else EVENT_READ
        key = selector.get_key(guest.connection)
        if key.events != wanted:
            selector.modify(guest.connection, wanted, key.data)

    def drop(guest: Guest) -> None:
        guest.bytes_waiting = 0
        guest.queue.clear()
        if guests.pop(guest.connection.fileno(), None):
            selector.unregister(guest.connection)
            guest.connection.close()

    def on_stop(_: int) -> None:
        nonlocal running
        running = False

    with ExitStack() as stack:
        selector = stack.enter_context(selectors.DefaultSelector())
        stack.callback(lambda: [drop(guest) for guest in list(guests.values())])
        listening.setblocking(False)
        selector.register(listening, EVENT_READ, on_door)
        selector.register(stop, EVENT_READ, on_stop)
        while running:
            for key, mask in selector.select():
                key.data(mask)
