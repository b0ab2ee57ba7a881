# caught by: answers
# says: type of the body
"""HTTP keep-alive from the loop: the loop moves bytes, a conversation turns requests into responses."""

import selectors
import socket
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from selectors import EVENT_READ, EVENT_WRITE

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
    line, *lines = data.decode("ascii").split("\r\n")
    method, target, version = line.split(" ")
    if not method or not target or version not in ("HTTP/1.0", "HTTP/1.1"):
        raise ValueError(line)
    fields: dict[str, str] = {}
    for field in lines:
        name, colon, value = field.partition(":")
        if not colon or not name or name != name.strip():
            raise ValueError(field)
        before = [fields[name.lower()]] if name.lower() in fields else []
        fields[name.lower()] = ", ".join([*before, value.strip()])
    length = fields.get("content-length", "0")
    if not length.isdigit() or len(length) > 9 or "transfer-encoding" in fields:  # no chunks here
        raise ValueError("the length of the body")
    return Head(method, target, version, fields)


def response(status: int, content: bytes, closing: bool) -> bytes:
    """Return the bytes of a response. (Given.)"""
    fields = f"Content-Length: {len(content)}\r\n" + ("Connection: close\r\n" if closing else "")
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{fields}\r\n".encode() + content


class Conversation:
    """The HTTP of one connection: bytes come in, responses go out. It never sees a socket."""

    def __init__(self, handle: Handle) -> None:
        self.handle = handle
        self.closing = False  # the connection is to be closed when all has been sent
        self.data = bytearray()
        self.head: Head | None = None  # of the request whose body is coming

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
        head, body = self.head, self.data[:length]
        self.head = None
        del self.data[:length]
        words = head.fields.get("connection", "").lower().split(",")
        self.closing = head.version == "HTTP/1.0" or "close" in [word.strip() for word in words]
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


class Guest:
    """A connection in the loop. (Given.)"""

    def __init__(self, connection: socket.socket, handle: Handle) -> None:
        self.connection, self.conversation = connection, Conversation(handle)
        self.waiting = bytearray()
        connection.setblocking(False)

    def turn(self, mask: int) -> int:
        """Receive or send as the selector says; return what to watch for next, 0 for the end."""
        try:
            if mask & EVENT_READ:
                data = self.connection.recv(65_536)
                if not data:
                    return 0
                self.waiting += self.conversation.received(data)
            if self.waiting:
                del self.waiting[:self.connection.send(self.waiting)]
        except BlockingIOError:
            pass
        except OSError:
            return 0
        if self.waiting:
            return EVENT_WRITE  # who does not take its answers is not asked for more questions
        return 0 if self.conversation.closing else EVENT_READ


def serve(listening: socket.socket, stop: socket.socket, handle: Handle) -> None:
    """Serve guests until `stop` can be read from. (Given.)"""
    listening.setblocking(False)
    with selectors.DefaultSelector() as selector:
        selector.register(listening, EVENT_READ)
        selector.register(stop, EVENT_READ)
        while True:
            for key, mask in selector.select():
                if key.fileobj is stop:
                    for other in [*selector.get_map().values()]:
                        if other.data:
                            other.fileobj.close()
                    return
                if key.fileobj is listening:
                    try:
                        connection, _ = listening.accept()
                    except BlockingIOError:
                        continue
                    selector.register(connection, EVENT_READ, Guest(connection, handle))
                elif interest := key.data.turn(mask):
                    selector.modify(key.fileobj, interest, key.data)
                else:
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
