"""Conversations, cut at each place; at the end the loop itself, with many guests."""

import random
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import pairwise
from typing import Any

from course.check import Answer, Failure, check, expect, require

PATIENCE = 8.0  # seconds until something that has to happen counts as missing
IDLE = 80  # guests: with the server's ends fewer descriptors than macOS allows
Call = tuple[str, str, bytes]
Said = tuple[int, bytes, bool]  # status, content, and whether it is the last


def request(target: str = "/books/7", body: bytes = b"", fields: str = "", version: str = "HTTP/1.1",
            method: str = "") -> bytes:
    """Return the bytes of a request."""
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    method = method or ("POST" if body else "GET")
    return f"{method} {target} {version}\r\nHost: shelf\r\n{length}{fields}\r\n".encode() + body


class Talk:
    """A conversation of the answer, and what its handle was called with."""

    def __init__(self, answer: Answer, raises: type[BaseException] | None = None) -> None:
        self.calls: list[Call] = []
        self.kinds: set[str] = set()
        self.raises = raises
        self.talk = answer.Conversation(self.handle)
        self.story: list[bytes] = []

    def handle(self, method: str, target: str, body: bytes) -> tuple[int, bytes]:
        """Answer with the number of the call, the target and the body."""
        self.calls.append((method, target, bytes(body)))
        self.kinds.add(type(body).__name__)
        if self.raises and target == "/error":
            raise self.raises("the check's handle")
        return content(len(self.calls), target, body)

    def takes(self, piece: bytes) -> bytes:
        """Give it a piece; return what it says."""
        self.story.append(piece)
        try:
            got = self.talk.received(piece)
        except Exception as error:
            raise Failure(f"{self.told()}: received raises {type(error).__name__}: {error}", hint=2) from error
        if not isinstance(got, bytes | bytearray):
            raise Failure(f"{self.told()}: received gives {got!r}, not bytes", hint=1)
        return bytes(got)

    def told(self) -> str:
        """Say what has come."""
        text = ", ".join(map(shown, self.story[-4:]))
        return f"{'... ' if len(self.story) > 4 else ''}{text} {'comes' if len(self.story) == 1 else 'come'}"

    def says(self, want: Iterable[Said], pieces: Iterable[bytes], *, hint: int = 2) -> "Talk":
        """Require the responses to some pieces, taken together, and whether the end has come."""
        want, got = list(want), b"".join([self.takes(piece) for piece in pieces])
        if want:
            expect(parsed(got, self.told()), want, f"{self.told()}; status, content and 'Connection: close' of each "
                   "response", hint=hint)
        else:
            expect(got, b"", f"{self.told()}; what received returns", hint=hint)
        closing = bool(want and want[-1][2])
        if want:
            expect(self.talk.closing, closing, f"{self.told()}; closing", hint=3)
        return self

    def called(self, want: list[Call]) -> "Talk":
        """Require what the handle was called with."""
        expect(self.calls, want, f"{self.told()}; the calls of handle", hint=2)
        expect(self.kinds, {"bytes"} if want else set(), f"{self.told()}; the type of the body that handle is given",
               hint=2)
        return self


def content(number: int, target: str, body: bytes) -> tuple[int, bytes]:
    """Return what the handle answers."""
    return (404 if target == "/none" else 200), b"%d %s %d\r\n\r\n" % (number, target.encode(), len(body))


def said(number: int, target: str = "/books/7", body: bytes = b"", last: bool = False) -> Said:
    """Return the response to a call of the handle."""
    return (*content(number, target, body), last)


def shown(data: bytes) -> str:
    """Return bytes as text, shortened."""
    return repr(data) if len(data) < 250 else f"{data[:40]!r}... ({len(data):,} bytes)"


def parsed(data: bytes, told: str) -> list[Said]:
    """Take responses apart."""
    found = []
    while data:
        head, end, rest = data.partition(b"\r\n\r\n")
        line, *lines = head.decode("latin-1").split("\r\n")
        fields = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)}
        words, length = line.split(" "), fields.get("content-length", "")
        if not end or words[0] != "HTTP/1.1" or not words[1].isdigit() or not length.isdigit():
            raise Failure(f"{told}; what received returns begins, or goes on, with {shown(data)}, which is no response",
                          hint=2)
        found.append((int(words[1]), rest[:int(length)], fields.get("connection", "").lower() == "close"))
        data = rest[int(length):]
    return found


@check("a request that comes in one piece is answered, and the connection stays open")
def answers(answer: Answer) -> None:
    """Three, one after the other."""
    talk = Talk(answer)
    for number, target in enumerate(("/books/7", "/none", "/books/7"), 1):
        talk.says([said(number, target)], [request(target)], hint=1)
    talk.called([("GET", "/books/7", b""), ("GET", "/none", b""), ("GET", "/books/7", b"")])


@check("a request may be cut anywhere", needs=answers, points=2, timeout=30)
def joins_pieces(answer: Answer) -> None:
    """In two, at each place; byte by byte, and answered at the last one; two conversations in turn."""
    data, small = request(body=b"Emma"), request("/none")
    for at in range(1, len(data)):
        talk = Talk(answer)
        talk.says([said(1, body=b"Emma")], [data[:at], data[at:]]).called([("POST", "/books/7", b"Emma")])
        talk.says([said(2, "/none")], [small[:at % len(small)], small[at % len(small):]])
    one, other = Talk(answer), Talk(answer)
    for at in range(len(data)):
        want = [said(1, body=b"Emma")] if at == len(data) - 1 else []
        one.says(want, [data[at:at + 1]])
        other.says(want, [data[at:at + 1]])
    one.says([], [b""]).says([said(2)], [request()])


@check("several in one piece are answered in order", needs=joins_pieces, points=2, timeout=60)
def answers_in_order(answer: Answer) -> None:
    """Two and a half; many cuts at random; three thousand at once."""
    talk, half = Talk(answer), request("/half")
    talk.says([said(1, "/a"), said(2, "/none")], [request("/a") + request("/none") + half[:9]])
    talk.says([said(3, "/half"), said(4, "/b", b"Dune")], [half[9:] + request("/b", b"Dune")])
    requests = [(f"/{number}", b"x" * (number * 7 % 23)) for number in range(12)]
    stream = b"".join(request(target, body) for target, body in requests)
    want = [said(number, *one) for number, one in enumerate(requests, 1)]
    dice = random.Random(9)
    for _ in range(100):
        places = [0, *sorted(dice.choices(range(len(stream)), k=dice.randint(0, 15))), len(stream)]
        Talk(answer).says(want, [stream[a:b] for a, b in pairwise(places)])
    Talk(answer).says([said(number) for number in range(1, 3_001)], [request() * 3_000])


@check("a body belongs to its request", needs=answers_in_order)
def keeps_bodies(answer: Answer) -> None:
    """One that looks like a request; with GET; after 404; a long one; one of no bytes; an empty line in it."""
    trap = request("/steal", method="DELETE")
    for method in ("POST", "GET", "PUT", "DELETE"):
        for target in ("/books/7", "/none"):
            talk = Talk(answer).says([said(1, target, trap), said(2)],
                                     [request(target, trap, method=method) + request()])
            talk.called([(method, target, trap), ("GET", "/books/7", b"")])
    for body in (b"\r\n\r\n", b"\r\n\r\nGET", b"\xff\x00" * 30_000):
        Talk(answer).says([said(1, "/a", body), said(2)], [request("/a", body) + request()])
        Talk(answer).says([said(1, "/a", body), said(2)], [request("/a", body)[:-2], body[-2:], request()])
    none = request(fields="content-length: 0\r\n")
    Talk(answer).says([said(1), said(2)], [none + request()])


@check("`Connection: close` and HTTP/1.0 end the connection", needs=keeps_bodies)
def closes_when_asked(answer: Answer) -> None:
    """In several spellings; with more behind it; and what does not end it."""
    for fields in ("Connection: close\r\n", "connection: Close\r\n", "Connection: X-Hop , CLOSE\r\n"):
        talk = Talk(answer).says([said(1, "/a"), said(2, last=True)],
                                 [request("/a") + request(fields=fields) + request("/late")])
        talk.says([], [request("/later")]).called([("GET", "/a", b""), ("GET", "/books/7", b"")])
    for fields in ("", "X: keep-alive\r\n", "Connection: keep-alive\r\n"):
        talk = Talk(answer).says([said(1, last=True)], [request(version="HTTP/1.0", fields=fields)])
        talk.says([], [request(), request()]).called([("GET", "/books/7", b"")])
    for fields in ("Connection: keep-alive\r\n", "Connection: closed\r\n", "X-Connection: close\r\n", "X: close\r\n"):
        Talk(answer).says([said(1), said(2)], [request(fields=fields) + request()])
    body = request("/a", b"Emma", "Connection: close\r\n")
    Talk(answer).says([], [body[:-1]]).says([said(1, "/a", b"Emma", True)], [body[-1:]])


@check("a broken head is answered by 400, and ends the connection", needs=closes_when_asked)
def refuses_broken_heads(answer: Answer) -> None:
    """Alone; after a good one; with more behind it."""
    for bad in (b"GET /books/7\r\n\r\n", b"GET / HTTP/1.1\r\nHost shelf\r\n\r\n", b"GET / HTTP/2\r\n\r\n",
                b"\xff\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -4\r\n\r\nEmma"):
        Talk(answer).says([(400, b"", True)], [bad]).says([], [request()]).called([])
        talk = Talk(answer).says([said(1, "/a"), (400, b"", True)], [request("/a") + bad + request("/late")])
        talk.says([], [request()]).called([("GET", "/a", b"")])
        Talk(answer).says([(400, b"", True)], [bad[at:at + 1] for at in range(len(bad))])


def head_of(size: int) -> bytes:
    """Return a request whose head has so many bytes."""
    short = len(request(fields="Note: \r\n"))
    return request(fields=f"Note: {'x' * (size - short)}\r\n")


@check("a head that is too long is answered by 431", needs=refuses_broken_heads)
def refuses_long_heads(answer: Answer) -> None:
    """At the limit, and a byte more; without an end; many short ones; a long body; after a good one."""
    limit = answer.LIMIT
    Talk(answer).says([said(1), said(2)], [head_of(limit) + request()])
    Talk(answer).says([said(1)], [head_of(limit)[:-1], b"\n"])
    for pieces in ([head_of(limit + 1)], [head_of(limit + 1) + request()], [head_of(9 * limit)],
                   [head_of(limit + 1)[:100], head_of(limit + 1)[100:]], [b"x" * (limit + 1)],
                   [b"x" * (limit + 1) + b"\r\n\r\n"]):
        talk = Talk(answer).says([(431, b"", True)], pieces)
        talk.says([], [request()]).called([])
    talk = Talk(answer).says([], [b"GET / HTTP/1.1\r\nNote: "])
    talk.says([(431, b"", True)], [b"x" * limit]).says([], [b"\r\n\r\n", request()])
    Talk(answer).says([said(1, "/a"), (431, b"", True)], [request("/a") + b"x" * (limit + 1)])
    many = limit // len(request()) * 2
    Talk(answer).says([said(number) for number in range(1, many + 1)], [request() * many])
    long = b"x" * (3 * limit)
    Talk(answer).says([said(1, "/a", long), said(2)], [request("/a", long)[:-5], b"x" * 5 + request()])


@check("an exception of `handle` ends one connection, and no more", needs=refuses_broken_heads)
def survives_an_error(answer: Answer) -> None:
    """Of two kinds, in the middle of others."""
    for kind in (ValueError, KeyError, OSError):
        talk = Talk(answer, kind).says([said(1, "/a"), (500, b"", True)],
                                       [request("/a") + request("/error", b"Emma") + request("/late")])
        talk.says([], [request()]).called([("GET", "/a", b""), ("POST", "/error", b"Emma")])
        Talk(answer, kind).says([(500, b"", True)], [request("/error")])
    odd = answer.Conversation(lambda *_: (299, b"Emma"))
    try:
        got = odd.received(request())
    except Exception as error:
        raise Failure(f"handle gives the status 299, which response cannot write: received raises "
                      f"{type(error).__name__}: {error}", hint=3) from error
    expect(parsed(bytes(got), "handle gives the status 299, which response cannot write"), [(500, b"", True)],
           "handle gives the status 299, which response cannot write; the response", hint=3)
    try:
        Talk(answer, SystemExit).talk.received(request("/error"))
    except SystemExit:
        return
    raise Failure("handle raises SystemExit, which is no Exception: received keeps it to itself, and the server cannot "
                  "be ended any more", hint=3)


class Guest:
    """Somebody at the server."""

    def __init__(self, address: Any, stack: ExitStack) -> None:
        self.socket = stack.enter_context(socket.create_connection(address, PATIENCE))
        self.data = b""

    def reads(self, want: list[Said] | None, told: str) -> None:
        """Require responses; None: the end."""
        got: list[Said] = []
        try:
            while want is None or len(got) < len(want):
                head, end, rest = self.data.partition(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0) if end else 0
                if end and len(rest) >= length:
                    got += parsed(self.data[:len(head) + 4 + length], told)
                    self.data = rest[length:]
                    continue
                more = self.socket.recv(1 << 20)
                if not more:
                    break
                self.data += more
        except TimeoutError:
            raise Failure(f"{told}: {PATIENCE:g} seconds later, {len(got)} responses have come, and {self.data!r:.80}",
                          hint=2) from None
        except ConnectionError:
            pass
        expect(got, want or [], f"{told}; the responses", hint=2)


@contextmanager
def server(answer: Answer, handle: Any) -> Iterator[tuple[Any, set[threading.Thread], ExitStack]]:
    """Run `serve` in a thread; give its address, the threads that were there, and what closes guests."""
    bell, stop = socket.socketpair()
    errors: list[str] = []

    def go() -> None:
        try:
            answer.serve(listening, stop, handle)
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}")

    with bell, stop, socket.create_server(("127.0.0.1", 0), backlog=IDLE) as listening, ExitStack() as stack:
        thread = threading.Thread(target=go, daemon=True)
        thread.start()
        try:
            yield listening.getsockname(), set(threading.enumerate()), stack
        except Failure as failure:
            if errors:
                failure.message += f". serve has raised {errors[0]}"
            raise
        finally:
            stack.close()
            with suppress(OSError):
                bell.send(b"!")
            thread.join(PATIENCE)


@check("eighty guests who wait cost no thread", needs=survives_an_error, timeout=90)
def serves_from_the_loop(answer: Answer) -> None:
    """All ask once and stay; each has sent half of the next request; one goes on, one closes, one comes."""
    def handle(method: str, target: str, body: bytes) -> tuple[int, bytes]:
        return 200, target.encode() + body

    with server(answer, handle) as (address, threads, stack):
        told = f"{IDLE} guests are connected"
        guests = [Guest(address, stack) for _ in range(IDLE)]
        for number, guest in enumerate(guests):
            guest.socket.sendall(request(f"/{number}"))
        for number, guest in enumerate(guests):
            guest.reads([(200, b"/%d" % number, False)], f"{told}, and each asks once")
        more = len(set(threading.enumerate()) - threads)
        require(more == 0, f"{told}, have asked once, and wait: there are {more} more threads than before", hint=1)
        halves = [request(f"/again/{number}", b"%d" % number) for number in range(IDLE)]
        for guest, data in zip(guests, halves, strict=True):
            guest.socket.sendall(data[:len(data) // 2])
        late = Guest(address, stack)
        late.socket.sendall(request("/late", b"", "Connection: close\r\n"))
        late.reads([(200, b"/late", True)], f"{told}, each in the middle of a request, and another one asks")
        late.reads(None, "A guest has asked with 'Connection: close', and has its response; what comes until the end")
        for guest, data in zip(guests, halves, strict=True):
            guest.socket.sendall(data[len(data) // 2:])
        for number, guest in enumerate(guests):
            guest.reads([(200, b"/again/%d%d" % (number, number), False)],
                        f"{told}, and each sends the first half of a request, then the second")
