"""A catalogue server on this machine, which counts connections and answers in pieces where it is told to.

It never waits for ever: a client that has a whole response and then is silent for two seconds is told so,
and its connection is closed.
"""

import gc
import itertools
import socket
import threading
import time
import traceback
import warnings
from dataclasses import dataclass, replace
from select import select
from types import TracebackType
from typing import Any

from course.check import Answer, Failure, check, expect, require

PATIENCE = 2.0  # seconds; a client that knows where a response ends needs milliseconds
PAUSE = 0.2  # seconds between two pieces of a response
Pairs = list[tuple[int, bytes]]


@dataclass
class Reply:
    """What the server answers: cut after `cuts` bytes, each piece on its own; `then_close` without a word."""

    status: str
    body: bytes = b""
    fields: str = ""
    cuts: tuple[int, ...] = ()
    then_close: bool = False
    promised: int | None = None  # the Content-Length, when it is not the body's
    whole: bytes | None = None  # all of the response, when it is none
    again: "Reply | None" = None  # the answer to whoever asks for the same path again

    def pieces(self) -> list[bytes]:
        """Return the response, cut."""
        length = len(self.body) if self.promised is None else self.promised
        has_length = not self.status.startswith("204") and "ength:" not in self.fields
        fields = self.fields + (f"Content-Length: {length}\r\n" if has_length else "")
        data = f"HTTP/1.1 {self.status}\r\n{fields}\r\n".encode() + self.body
        data = data if self.whole is None else self.whole
        places = [0, *(cut % len(data) for cut in self.cuts), len(data)]
        return [data[start:end] for start, end in itertools.pairwise(places)]


class Catalogue:
    """The server: `accepted` connections, the paths `asked` for, and in `silence` why it gave up."""

    def __init__(self, replies: dict[str, Reply]) -> None:
        self.replies, self.accepted, self.silence = replies, 0, ""
        self.early = ""  # the path whose response was under way when the next request came
        self.asked: list[str] = []
        self.leaving = threading.Event()
        self.threads: list[threading.Thread] = []
        self.starting = threading.Lock()  # held until a thread that has started is in the list
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.listener.settimeout(0.05)

    def __enter__(self) -> "Catalogue":
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leaving.set()
        for thread in self.threads:  # grows while the first of them still accepts
            thread.join()
        self.listener.close()

    def see_it_close(self) -> None:
        """Wait until each connection has ended, at the client's wish or because it was silent."""
        with self.starting:
            serving = self.threads[1:]
        for thread in serving:
            thread.join()

    def _start(self, target: Any, *args: Any) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        with self.starting:
            thread.start()
            self.threads.append(thread)

    def _accept(self) -> None:
        while True:
            last = self.leaving.is_set()  # asked first: a connection that is there by now still counts
            try:
                connection, _ = self.listener.accept()
            except TimeoutError:
                if last:
                    return
                continue
            self.accepted += 1
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                self._talk(connection)
            except OSError:
                return  # the client has gone in the middle

    def _talk(self, connection: socket.socket) -> None:
        data = b""
        while True:
            while b"\r\n\r\n" not in data:
                more = self._receive(connection, data)
                if not more:
                    return
                data += more
            head, _, data = data.partition(b"\r\n\r\n")
            if not self._answer(connection, head.decode("latin-1"), data != b""):
                return

    def _receive(self, connection: socket.socket, before: bytes) -> bytes:
        connection.settimeout(0.05)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                return connection.recv(65536)
            except TimeoutError:
                if self.leaving.is_set():
                    return b""
        if before:
            self.silence = (
                f"the server had received {before!r}, which is not yet a request: its head has no end"
            )
        elif self.asked:
            self.silence = (
                f"the server had sent all of the response to {self.asked[-1]}, and the connection stayed "
                "open; the client neither asked for more nor closed it. It seems to wait for the end of "
                "the connection, or for bytes that do not belong to the response"
            )
        else:
            self.silence = "the client had connected, and sent nothing"
        return b""

    def _answer(self, connection: socket.socket, head: str, more_is_there: bool) -> bool:
        """Answer one request; return whether the connection goes on."""
        line, *lines = head.split("\r\n")
        names = {
            name.lower(): value.strip().lower() for name, _, value in (each.partition(":") for each in lines)
        }
        words = line.split(" ")
        good = len(words) == 3 and words[2] == "HTTP/1.1" and "host" in names
        if good:
            self.asked.append(words[1])
        reply = self.replies.get(
            words[1] if good else "", Reply("404 Not Found" if good else "400 Bad Request")
        )
        if reply.again and self.asked.count(words[1]) > 1:
            reply = reply.again
        if names.get("connection") == "close":
            reply = replace(reply, fields="Connection: close\r\n" + reply.fields)
        connection.settimeout(PATIENCE)
        for number, piece in enumerate(reply.pieces()):
            if number:
                self.leaving.wait(PAUSE)
                if not self.early and (more_is_there or asks_for_more(connection)):
                    self.early = words[1]
            connection.sendall(piece)
        return not (reply.then_close or "close" in reply.fields.lower())


def asks_for_more(connection: socket.socket) -> bool:
    """Tell whether the client has sent something that was not read yet."""
    return bool(select([connection], [], [], 0)[0]) and connection.recv(1, socket.MSG_PEEK) != b""


@dataclass
class Fetched:
    """What became of a call: what it returned or raised, and the server that it spoke with."""

    server: Catalogue
    tried: str
    value: Any = None
    error: type[Exception] | None = None  # its class and its text: the exception itself keeps sockets alive
    said: str = ""
    line: int | None = None
    left_open: bool = False  # a socket that nobody closed before it was thrown away


def attempt(answer: Answer, replies: dict[str, Reply], paths: list[str]) -> Fetched:
    """Call fetch_all with a server of its own; Python warns of a socket that is thrown away open."""
    with Catalogue(replies) as server, warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always", ResourceWarning)
        fetched = Fetched(server, f"fetch_all(host, port, {paths!r})")
        try:
            fetched.value = answer.fetch_all("127.0.0.1", server.port, list(paths))
            server.see_it_close()
        except Exception as error:
            file = answer.fetch_all.__code__.co_filename
            frames = traceback.extract_tb(error.__traceback__)
            fetched.error, fetched.said = type(error), str(error)
            fetched.line = next((frame.lineno for frame in reversed(frames) if frame.filename == file), None)
        gc.collect()
        fetched.left_open = any("unclosed <socket" in str(each.message) for each in heard)
    return fetched


def fetch(answer: Answer, replies: dict[str, Reply], hint: int, words: str = "") -> Fetched:
    """Fetch all paths that there are, once each; require the right answers."""
    fetched = attempt(answer, replies, list(replies))
    server, tried = fetched.server, fetched.tried + words
    require(
        not server.silence, f"{tried}: nothing happened for {PATIENCE:g} seconds: {server.silence}", hint=hint
    )
    if fetched.error is not None:
        where = f" in line {fetched.line}" if fetched.line else ""
        raise Failure(
            f"{tried} raises {fetched.error.__name__}{where}: {fetched.said}",
            hint=hint,
            line=fetched.line,
        )
    want: Pairs = [(int(reply.status[:3]), reply.body) for reply in replies.values()]
    expect(fetched.value, want, f"{tried} returned", hint=hint)
    expect(server.asked, list(replies), f"{tried}: the paths that the server was asked for", hint=hint)
    return fetched


def one_connection(fetched: Fetched, hint: int) -> None:
    """Require that all went over one connection."""
    expect(fetched.server.accepted, 1, f"{fetched.tried}: so many connections the server accepted", hint=hint)


PAGE = {
    "/": Reply("200 OK", b"Shelf"),
    "/books": Reply("200 OK", b"Dune, Emma"),
    "/members": Reply("200 OK", b"Ada"),
    "/lost": Reply("404 Not Found", b"no such page"),
    "/hours": Reply("200 OK", b"9 to 5"),
}


@check("it returns status and body for each path, in order", timeout=10)
def returns_the_responses(answer: Answer) -> None:
    fetch(answer, PAGE, hint=1)


@check("five paths need one connection", needs=returns_the_responses, timeout=10)
def opens_one_connection(answer: Answer) -> None:
    one_connection(fetch(answer, PAGE, hint=1), hint=1)
    none = fetch(answer, {}, hint=3)
    expect(none.server.accepted, 0, f"{none.tried}: so many connections the server accepted", hint=3)


@check(
    "a body ends where Content-Length says, counted in bytes, whatever it holds",
    needs=opens_one_connection,
    timeout=10,
)
def counts_bytes(answer: Answer) -> None:
    bodies = [
        "naïve".encode(),
        b"",
        b"two\r\n\r\nparts\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n",
        b"\xff\xd8\x00\xff" * 20_000,
    ]
    replies = {f"/{number}": Reply("200 OK", body) for number, body in enumerate(bodies, 1)}
    replies["/6"] = Reply("200 OK", b"Dune", "content-length:4\r\nX-Content-Length: 9\r\n", cuts=(-4,))
    one_connection(fetch(answer, replies, hint=2), hint=2)
    refuses_more_bytes(answer)


def refuses_more_bytes(answer: Answer) -> None:
    """Send more than `Content-Length` says: the answer may leave it out or raise ConnectionError."""
    more = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nDuneEmma"
    fetched = attempt(answer, {"/": PAGE["/"], "/books": Reply("200 OK", whole=more)}, ["/", "/books"])
    tried = f"{fetched.tried}, where /books sends b'DuneEmma' with Content-Length: 4"
    if fetched.error is None:
        expect(fetched.value, [(200, b"Shelf"), (200, b"Dune")], f"{tried}, returned", hint=2)
        return
    require(
        issubclass(fetched.error, ConnectionError),
        f"{tried}: it raises {fetched.error.__name__}: {fetched.said}",
        hint=2,
    )


@check("a 204 has no content, and no Content-Length", needs=opens_one_connection, timeout=10)
def knows_204(answer: Answer) -> None:
    replies = {
        "/holds": Reply("204 No Content"),
        "/books": Reply("200 OK", b"Dune"),
        "/loans": Reply("204 No Content"),
    }
    one_connection(fetch(answer, replies, hint=2, words=", two of which are answered with 204"), hint=2)


@check("a response may come in pieces, cut anywhere", needs=opens_one_connection, timeout=10)
def puts_pieces_together(answer: Answer) -> None:
    body = "naïve".encode()
    replies = {
        "/in_the_head": Reply("200 OK", body, cuts=(12,)),
        "/in_the_empty_line": Reply("200 OK", body, cuts=(-8,)),
        "/before_the_body": Reply("200 OK", body, cuts=(-6,)),
        "/in_a_letter": Reply("200 OK", body, cuts=(-3,)),
    }
    fetched = fetch(answer, replies, hint=2, words=", where each response is cut in two")
    one_connection(fetched, hint=2)
    early = fetched.server.early
    require(
        not early,
        f"{fetched.tried}: the client sent its next request while the response to {early} was still coming; "
        "one after the other was asked for, since a connection that ends takes all waiting requests with it",
        hint=3,
    )


@check(
    "after Connection: close the next path goes over a new connection", needs=opens_one_connection, timeout=10
)
def obeys_close(answer: Answer) -> None:
    for field in ("Connection: close\r\n", "connection: Close\r\n", "Connection: X-Hop, close\r\n"):
        replies = {**PAGE, "/books": Reply("200 OK", b"Dune, Emma", field)}
        words = f", where the second response has {field.strip()!r}"
        fetched = fetch(answer, replies, hint=3, words=words)
        expect(
            fetched.server.accepted,
            2,
            f"{fetched.tried}{words}: so many connections the server accepted",
            hint=3,
        )
    closing = Reply("200 OK", b"9 to 5", "Connection: close\r\n")
    last = fetch(answer, {"/": PAGE["/"], "/hours": closing}, hint=3)
    one_connection(last, hint=3)


def half(**given: Any) -> Reply:
    """Return a response that ends too early; whoever asks again gets all of it."""
    return Reply("200 OK", then_close=True, again=PAGE["/books"], **given)


@check("half a response raises ConnectionError", needs=opens_one_connection)
def reports_half_a_response(answer: Answer) -> None:
    halves = {
        "in the middle of the body of /books": half(body=b"Dune", promised=10),
        "after the status line of /books": half(whole=b"HTTP/1.1 200 OK\r\n"),
        "in a field of /books": half(whole=b"HTTP/1.1 200 OK\r\nContent-Le"),
        "in the status line of /books": half(whole=b"HTTP/1.1 2"),
        "before the first byte for /books": half(whole=b""),
    }
    for where, reply in halves.items():
        fetched = attempt(answer, {"/": PAGE["/"], "/books": reply}, ["/", "/books"])
        tried = f"{fetched.tried}, and the connection ends {where}"
        require(
            fetched.server.asked.count("/books") < 2,
            f"{tried}: the client asks for /books again; whether that does harm is for its caller to judge",
            hint=2,
        )
        if fetched.error is None:
            require(False, f"{tried}: it returned {fetched.value!r}", hint=2)
            return
        require(
            issubclass(fetched.error, ConnectionError),
            f"{tried}: it raises {fetched.error.__name__}, not ConnectionError: {fetched.said}",
            hint=2,
        )


@check("it closes each connection that it has opened", needs=reports_half_a_response)
def closes_its_connections(answer: Answer) -> None:
    closing = Reply("200 OK", b"Dune, Emma", "Connection: close\r\n")
    for words, books in (
        ("", PAGE["/books"]),
        (", where the second response has 'Connection: close'", closing),
        (", and the connection ends in the middle of the body of /books", half(body=b"Dune", promised=10)),
    ):
        fetched = attempt(answer, {**PAGE, "/books": books}, list(PAGE))
        require(
            not fetched.left_open,
            f"{fetched.tried}{words}: the client throws a socket away without closing it. Python closes it "
            "when nothing refers to it any more, and promises no time for that",
            hint=3,
        )
