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
    """The HTTP of one connection; it begins anew at the front of what has come, each time."""

    def __init__(self, handle: Handle) -> None:
        self.handle = handle
        self.closing = False
        self.unread = b""

    def received(self, data: bytes) -> bytes:
        """Take the next bytes; return the responses to all requests that are whole now."""
        self.unread += data
        responses, at = [], 0
        while not self.closing:
            end = self.unread.find(b"\r\n\r\n", at)
            if (len(self.unread) if end < 0 else end + 4) - at > LIMIT:
                responses.append(self.end(431))
                break
            if end < 0:
                break
            try:
                head = parse_head(self.unread[at:end])
            except ValueError:
                responses.append(self.end(400))
                break
            stop = end + 4 + int(head.fields.get("content-length", "0"))
            if len(self.unread) < stop:
                break
            responses.append(self.respond(head, self.unread[end + 4:stop]))
            at = stop
        self.unread = self.unread[at:]
        return b"".join(responses)

    def respond(self, head: Head, body: bytes) -> bytes:
        """Answer one request."""
        words = {word.strip().lower() for word in head.fields.get("connection", "").split(",")}
        try:
            status, content = self.handle(head.method, head.target, body)
            self.closing = "close" in words or head.version == "HTTP/1.0"
            return response(status, content, self.closing)
        except Exception:
            return self.end(500)

    def end(self, status: int) -> bytes:
        """Say the last word."""
        self.closing = True
        return response(status, b"", closing=True)


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
