# caught by: talks_http
# says: HEAD
"""One HTTP server, three engines: threads, prefork, a loop."""

import os
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector

LIMIT = 8_192  # bytes of a head, its empty line included
Handle = Callable[[str, str, bytes], tuple[int, bytes]]  # method, target and body; status and content


@dataclass
class Head:
    """What stands before the body."""

    method: str
    target: str
    version: str
    fields: dict[str, str]  # names in small letters


def parse_head(data: bytes) -> Head:
    """Read a head, without its empty line. Raises ValueError for what is none. (Given.)"""
    text = data.decode("ascii")
    if {"\r", "\n"} & set(text.replace("\r\n", "")):  # a line end to some readers, and not to others
        raise ValueError(text)
    line, *lines = text.split("\r\n")
    method, target, version = line.split(" ")
    if not method or not target or version not in ("HTTP/1.0", "HTTP/1.1"):
        raise ValueError(line)
    fields: dict[str, str] = {}
    for field in lines:
        name, colon, value = field.partition(":")
        if not colon or not name or {" ", "\t"} & set(name):
            raise ValueError(field)
        before = [fields[name.lower()]] if name.lower() in fields else []
        fields[name.lower()] = ", ".join([*before, value.strip()])
    length = fields.get("content-length", "0")
    if not length.isdigit() or len(length) > 9 or "transfer-encoding" in fields:  # no chunks here
        raise ValueError("the length of the body")
    if (version == "HTTP/1.1" and "host" not in fields) or "," in fields.get("host", ""):
        raise ValueError("no Host, or two")
    return Head(method, target, version, fields)


def response(status: int, content: bytes, closing: bool, method: str = "GET") -> bytes:
    """Return the bytes of a response; to HEAD it has no content, and says how long it would be. (Given.)"""
    bare = status < 200 or status in (204, 304)  # never with content
    fields = ("" if bare else f"Content-Length: {len(content)}\r\n") + ("Connection: close\r\n" if closing else "")
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{fields}\r\n".encode()
    return head if bare or method == "HEAD" else head + content


class Conversation:
    """The HTTP of one connection: bytes come in, responses go out. It never sees a socket."""

    def __init__(self, handle: Handle) -> None:
        self.handle = handle
        self.closing = False  # the connection is to be closed when all has been sent
        self.last = False  # the next response is to be the last one
        self.data = bytearray()
        self.head: Head | None = None  # of the request whose body is coming

    @property
    def idle(self) -> bool:
        """Whether nothing of a request has come that is not answered yet."""
        return not self.data and self.head is None

    def received(self, data: bytes) -> bytes:
        """Take the next bytes; return the responses to all requests that are whole now."""
        self.data += data
        answers = bytearray()
        while not self.closing and (answer := self.answer()) is not None:
            answers += answer
        return bytes(answers)

    def answer(self) -> bytes | None:
        """Return the response to the next request; None when it is not whole yet."""
        if self.head is None:
            end = self.data.find(b"\r\n\r\n", 0, LIMIT)
            if end < 0:
                return self.refuse(431) if len(self.data) > LIMIT else None
            try:
                self.head = parse_head(bytes(self.data[:end]))
            except ValueError:
                return self.refuse(400)
            del self.data[:end + 4]
        length = int(self.head.fields.get("content-length", "0"))
        if len(self.data) < length:
            return None
        head, body = self.head, bytes(self.data[:length])
        self.head = None
        del self.data[:length]
        words = head.fields.get("connection", "").lower().split(",")
        self.closing = self.last or head.version == "HTTP/1.0" or "close" in [word.strip() for word in words]
        try:
            status, content = self.handle(head.method, head.target, body)
            return response(status, content, self.closing)
        except Exception:  # of `handle`, or of `response`, which cannot write what it gave
            return self.refuse(500)

    def refuse(self, status: int) -> bytes:
        """Answer with a status, for the last time."""
        self.closing = True
        self.data.clear()
        return response(status, b"", True)


def threads(door: socket.socket, stop: socket.socket, handle: Handle, patience: float = 5.0) -> None:
    """Serve each guest in a thread of its own until `stop` can be read from, then end."""
    running: list[threading.Thread] = []
    for connection in guests(door, stop):
        running = [thread for thread in running if thread.is_alive()]
        running.append(threading.Thread(target=talk, args=(connection, stop, handle, patience)))
        running[-1].start()
    for thread in running:
        thread.join()


def prefork(door: socket.socket, stop: socket.socket, handle: Handle, patience: float = 5.0, workers: int = 2) -> None:
    """Serve in so many processes, each one guest at a time, until `stop` can be read from, then end."""
    alive: set[int] = set()
    while not can_be_read(stop, 0.05):
        alive -= {pid for pid in alive if os.waitpid(pid, os.WNOHANG)[0]}
        while len(alive) < workers:
            if (pid := os.fork()) == 0:
                work(door, stop, handle, patience)
            alive.add(pid)
    for pid in alive:
        os.waitpid(pid, 0)


def work(door: socket.socket, stop: socket.socket, handle: Handle, patience: float) -> None:
    """Serve one guest after the other in a worker process, and end it."""
    try:
        for connection in guests(door, stop):
            talk(connection, stop, handle, patience)
    except BaseException:
        traceback.print_exc()  # or a mistake would fork again and again, and say nothing
        os._exit(1)
    os._exit(0)


def loop(door: socket.socket, stop: socket.socket, handle: Handle, patience: float = 5.0) -> None:
    """Serve all guests in one thread until `stop` can be read from, then end."""
    door.setblocking(False)
    with DefaultSelector() as selector:
        selector.register(door, EVENT_READ)
        selector.register(stop, EVENT_READ)
        stopping, here = False, set()
        while not stopping or here:
            due = min((guest.due for guest in here), default=None)
            ready = selector.select(None if due is None else max(0.0, due - time.monotonic()))
            now = time.monotonic()  # who comes while a request is handled is not late
            for key, mask in ready:
                if key.fileobj is stop:
                    stopping = True
                    selector.unregister(stop)
                    selector.unregister(door)
                elif key.fileobj is door:
                    welcome(door, selector, here, handle, patience)
                else:
                    key.data.turn(mask, selector)
            for guest in list(here):
                if stopping:
                    guest.conversation.last = True
                if guest.done or now >= guest.due or (stopping and guest.conversation.idle and not guest.waiting):
                    here.discard(guest)
                    guest.close(selector)


def can_be_read(what: socket.socket, seconds: float | None) -> bool:
    """Wait so long for one socket."""
    with DefaultSelector() as selector:
        selector.register(what, EVENT_READ)
        return bool(selector.select(seconds))


def guests(door: socket.socket, stop: socket.socket) -> Iterator[socket.socket]:
    """Yield connections until `stop` can be read from."""
    door.setblocking(False)  # another process may take the guest first
    with DefaultSelector() as selector:
        selector.register(door, EVENT_READ)
        selector.register(stop, EVENT_READ)
        while True:
            ready = {key.fileobj for key, _ in selector.select()}
            if stop in ready:
                return
            try:
                connection, _ = door.accept()
            except BlockingIOError:
                continue
            except OSError:  # no descriptor is left, and the door stays ready
                time.sleep(0.05)
                continue
            yield connection


def talk(connection: socket.socket, stop: socket.socket, handle: Handle, patience: float) -> None:
    """Serve one connection with calls that block."""
    conversation = Conversation(handle)
    connection.settimeout(patience)
    with connection, DefaultSelector() as selector:
        selector.register(connection, EVENT_READ)
        selector.register(stop, EVENT_READ)
        try:
            while not conversation.closing:
                ready = {key.fileobj for key, _ in selector.select(patience)}
                if stop in ready:
                    selector.unregister(stop)
                    conversation.last = True
                    if conversation.idle and connection not in ready:
                        return
                    continue
                if connection not in ready or not (data := connection.recv(65_536)):
                    return
                send_all(connection, conversation.received(data))
        except OSError:  # who goes is gone
            return


def send_all(connection: socket.socket, data: bytes) -> None:
    """Send all; each part has its own time limit. (That of `sendall` is for the whole.)"""
    rest = memoryview(data)
    while rest:
        rest = rest[connection.send(rest):]


class Guest:
    """A connection in the loop."""

    def __init__(self, connection: socket.socket, handle: Handle, patience: float) -> None:
        self.connection, self.conversation, self.patience = connection, Conversation(handle), patience
        self.waiting, self.done = bytearray(), False
        self.due = time.monotonic() + patience
        connection.setblocking(False)

    def turn(self, mask: int, selector: DefaultSelector) -> None:
        """Receive or send as the selector says, and say what to watch for next."""
        try:
            if mask & EVENT_READ:
                data = self.connection.recv(65_536)
                self.done = not data
                self.waiting += self.conversation.received(data)
            if self.waiting:
                del self.waiting[:self.connection.send(self.waiting)]
            self.due = time.monotonic() + self.patience
        except BlockingIOError:
            pass
        except OSError:
            self.done = True
        self.done = self.done or (self.conversation.closing and not self.waiting)
        selector.modify(self.connection, EVENT_WRITE if self.waiting else EVENT_READ, self)

    def close(self, selector: DefaultSelector) -> None:
        """Leave the loop."""
        selector.unregister(self.connection)
        self.connection.close()


def welcome(door: socket.socket, selector: DefaultSelector, here: set[Guest], handle: Handle,
            patience: float) -> None:
    """Accept one guest."""
    try:
        connection, _ = door.accept()
    except BlockingIOError:
        return
    except OSError:  # no descriptor is left, and the door stays ready
        time.sleep(0.05)
        return
    guest = Guest(connection, handle, patience)
    here.add(guest)
    selector.register(connection, EVENT_READ, guest)


ENGINES = {"threads": threads, "prefork": prefork, "loop": loop}
