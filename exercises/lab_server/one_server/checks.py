"""Thirty-four requests as bytes, then each engine in a process of its own, with guests of all kinds and a SIGTERM.

`python checks.py ANSWER ENGINE PATIENCE` is that process: it prints its port, serves, and at the end what is left over.
"""

import json
import os
import queue
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from course.check import Answer, Failure, check, expect, require

WAIT = 15.0  # seconds until something that has to happen counts as missing
SHORT, LONG = 1.0, 60.0  # the server's patience: where it is looked at, and where it is not
NAMES = ("threads", "prefork", "loop")
WINDOWS = "This lab forks processes, which Windows cannot: do it on Linux, on macOS, or in WSL."
BIG = 20_000_000
QUIET = 1.0  # seconds in which an ending server has nothing to do
Said = tuple[int, bytes, bool]  # status, content, and whether it says Connection: close

GET = b"GET /books/7 HTTP/1.1\r\nHost: shelf\r\n\r\n"
EMMA, NONE = (200, b"Emma", False), (404, b"", False)


def ask(target: str = "/books/7", body: bytes | None = None, more: str = "", version: str = "HTTP/1.1",
        method: str = "GET") -> bytes:
    """Return the bytes of a request."""
    length = "" if body is None else f"Content-Length: {len(body)}\r\n"
    return f"{method} {target} {version}\r\nHost: shelf\r\n{length}{more}\r\n".encode() + (body or b"")


def end(status: int = 200, content: bytes = b"Emma") -> Said:
    """Return a last response."""
    return status, content, True


REQUESTS: dict[str, tuple[list[bytes], list[Said]]] = {
    "a GET": ([GET], [EMMA]),
    "a GET of what is not there": ([ask("/none")], [NONE]),
    "two GETs, one after the other": ([GET, GET], [EMMA, EMMA]),
    "three in one piece": ([GET + ask("/none") + GET], [EMMA, NONE, EMMA]),
    "one and a half, then the rest": ([GET + GET[:20], GET[20:]], [EMMA, EMMA]),
    "a GET, cut in the middle of its line end": ([GET[:-3], GET[-3:]], [EMMA]),
    "a GET, byte by byte": ([GET[at:at + 1] for at in range(len(GET))], [EMMA]),
    "a body": ([ask("/echo", b"Dune", method="POST")], [(200, b"Dune", False)]),
    "a body that comes later": ([ask("/echo", b"Dune", method="POST")[:-4], b"Du", b"ne"], [(200, b"Dune", False)]),
    "a body that looks like a request": ([ask("/echo", GET, method="POST") + GET], [(200, GET, False), EMMA]),
    "a body nobody asks for": ([ask("/books/7", b"x" * 5000, method="PUT") + GET], [EMMA, EMMA]),
    "an empty body": ([ask("/echo", b"", method="POST") + GET], [(200, b"", False), EMMA]),
    "a body of a megabyte": ([ask("/length", b"x" * 1_000_000, method="POST")], [(200, b"1000000", False)]),
    "names in other letters": ([b"POST /echo HTTP/1.1\r\nhOST: a\r\ncontent-LENGTH: 2\r\n\r\nhi"],
                               [(200, b"hi", False)]),
    "Connection: close": ([ask(more="Connection: close\r\n")], [end()]),
    "Connection: Close, among other words": ([ask(more="Connection: x, Close\r\n")], [end()]),
    "Connection: closed, which is another word": ([ask(more="Connection: closed\r\n")], [EMMA]),
    "something behind the last request": ([ask(more="Connection: close\r\n") + GET], [end()]),
    "HTTP/1.0": ([ask(version="HTTP/1.0")], [end()]),
    "HTTP/1.0 without Host": ([b"GET /books/7 HTTP/1.0\r\n\r\n"], [end()]),
    "no Host": ([b"GET /books/7 HTTP/1.1\r\n\r\n"], [end(400, b"")]),
    "no version": ([b"GET /books/7\r\nHost: shelf\r\n\r\n"], [end(400, b"")]),
    "a space before the colon": ([b"GET / HTTP/1.1\r\nHost : shelf\r\n\r\n"], [end(400, b"")]),
    "two Hosts": ([ask(more="Host: b\r\n")], [end(400, b"")]),
    "a line that ends with a newline alone": ([b"GET /books/7 HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"], [end(400, b"")]),
    "204": ([ask("/gone") + GET], [(204, b"", False), EMMA]),
    "two lengths": ([ask("/echo", b"hi", more="Content-Length: 3\r\n", method="POST")], [end(400, b"")]),
    "a good one, then a bad one": ([GET + b"nonsense\r\n\r\n" + GET], [EMMA, end(400, b"")]),
    "a head that is too long": ([ask(more=f"X: {'x' * 9000}\r\n")], [end(431, b"")]),
    "a head without an end": ([b"GET / HTTP/1.1\r\nHost: shelf\r\nX: ", b"x" * 9000], [end(431, b"")]),
    "a head of the greatest length": ([ask(more=f"X: {'x' * (8192 - len(GET) - 5)}\r\n") + GET], [EMMA, EMMA]),
    "a request whose handle raises": ([ask("/error") + GET], [end(500, b"")]),
    "one whose handle gives the status 299": ([ask("/odd") + GET], [end(500, b"")]),
    "HEAD": ([ask(method="HEAD") + GET], [(200, b"no content, length 4", False), EMMA]),
}


def handle(method: str, target: str, body: bytes) -> tuple[int, bytes]:
    """Answer: the program behind the server."""
    if target == "/error":
        raise LookupError("the check's handle")
    if target in ("/odd", "/gone"):
        return (299 if target == "/odd" else 204), b""
    if target == "/die":
        os._exit(7)
    if target.startswith("/wait"):
        time.sleep(float(target.partition("=")[2]))
    made: dict[str, Callable[[], bytes]] = {
        "/books/7": lambda: b"Emma", "/echo": lambda: body, "/length": lambda: b"%d" % len(body),
        "/big": lambda: b"x" * BIG, "/pid": lambda: b"%d" % os.getpid(),
        "/thread": lambda: b"%d" % threading.get_ident(), "/count": lambda: b"%d" % threading.active_count(),
        "/cpu": lambda: b"%f" % time.process_time()}
    found = made.get(target)
    return (200, found()) if found else (200, b"waited") if target.startswith("/wait") else (404, b"")


def responses(data: bytes, heads: set[int] = frozenset()) -> tuple[list[Said], bytes]:
    """Cut bytes into responses, and what is left over. `heads` are the numbers of those that answer HEAD."""
    found: list[Said] = []
    while True:
        head, empty, rest = data.partition(b"\r\n\r\n")
        if not empty or not head.startswith(b"HTTP/1.1 "):
            return found, data
        line, *lines = head.split(b"\r\n")
        fields = {name.strip().lower(): value.strip() for name, _, value in (each.partition(b":") for each in lines)}
        length = int(fields.get(b"content-length", b"0"))
        content = b"no content, length %d" % length if len(found) in heads else rest[:length]
        if len(found) not in heads:
            if len(rest) < length:
                return found, data
            rest = rest[length:]
        found.append((int(line.split(b" ")[1]), content, fields.get(b"connection") == b"close"))
        data = rest


@check("a conversation answers thirty-four requests, however they are cut", points=3, timeout=60)
def talks_http(answer: Answer) -> None:
    """As bytes, without a socket; and it says whether it is idle."""
    for name, (pieces, want) in REQUESTS.items():
        talk = answer.Conversation(handle)
        require(talk.idle is True, "A new Conversation should be idle", hint=1)
        try:
            data = b"".join(talk.received(piece) for piece in pieces)
        except Exception as error:
            raise Failure(f"{name}: received raises {type(error).__name__}: {error}", hint=1) from error
        got, left = responses(data, {0} if name == "HEAD" else set())
        expect(left, b"", f"{name}; behind {len(got)} responses comes, and is none", hint=1)
        expect(got, want, f"{name}; status, content and 'Connection: close' of each response", hint=1)
        expect(talk.closing, want[-1][2], f"{name}; closing", hint=1)
    for part, idle in ((GET, True), (GET[:1], False), (ask("/echo", b"hi")[:-1], False),
                       (ask("/echo", b"hi")[:-2], False), (GET + b"G", False)):
        talk = answer.Conversation(handle)
        talk.received(part)
        expect(talk.idle, idle, f"After {part[-30:]!r}; idle", hint=1)
    talk = answer.Conversation(handle)
    first, talk.last = talk.received(GET + GET[:9]), True
    got = responses(first + talk.received(GET[9:]))[0]
    expect(got, [EMMA, end()], "One request, a part of a second, then `last` is set and the rest comes; the responses",
           hint=1)
    expect(talk.closing, True, "That was the last response; closing", hint=1)


class Server:
    """One engine in a process of its own."""

    def __init__(self, answer: Answer, engine: str, patience: float = LONG) -> None:
        require(hasattr(os, "fork"), WINDOWS)
        self.engine = engine
        file = answer.Conversation.received.__code__.co_filename
        command = [sys.executable, __file__, file, engine, str(patience)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                        start_new_session=True)
        self.lines, self.printed = queue.Queue[str](), ""
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        told = self.told("port")
        if told is None:
            self.kill()
            raise Failure(f"The engine {engine!r} does not start: {self.printed[-300:]}", hint=2)
        self.port = told["port"]

    def read(self) -> None:
        """Take each line that it prints; an empty one is the end."""
        for line in self.process.stdout or ():
            self.lines.put(line)
        self.lines.put("")

    def told(self, name: str) -> dict[str, Any] | None:
        """Return the next line of ours that has a name in it; what the answer itself prints is kept aside."""
        before = time.monotonic()
        with suppress(queue.Empty):
            while line := self.lines.get(timeout=max(0.0, before + WAIT - time.monotonic())):
                with suppress(ValueError, TypeError):
                    if name in (found := json.loads(line)):
                        return found
                self.printed += line
        return None

    def connect(self, story: str = "") -> socket.socket:
        """Come as a guest."""
        try:
            guest = socket.create_connection(("127.0.0.1", self.port), WAIT)
        except OSError as error:
            raise Failure(f"{story or self.engine}: nobody can connect: {error}", hint=2) from error
        return guest

    def kill(self) -> None:
        """End it and all that it has started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.reader.join(WAIT)
        if self.process.stdout:
            self.process.stdout.close()

    def ends(self, story: str) -> dict[str, Any]:
        """Wait for its end; return what it reports."""
        report = self.told("children")
        if report is None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(0.5)
                raise Failure(f"{story}: the process ends with {self.printed[-300:]}", hint=3)
            raise Failure(f"{story}: {WAIT:g} seconds later the engine has not returned", hint=3)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(WAIT)
        return report


@contextmanager
def running(answer: Answer, engine: str, patience: float = LONG) -> Iterator[Server]:
    """Run an engine; kill it at the end."""
    server = Server(answer, engine, patience)
    try:
        yield server
    finally:
        server.kill()


def talked(guest: socket.socket, pieces: list[bytes], count: int, story: str, heads: set[int] = frozenset()) -> Any:
    """Send pieces; return so many responses, and whether the server has closed behind a last one."""
    data = b""
    try:
        for piece in pieces:
            guest.sendall(piece)
            if len(pieces) < 9:
                time.sleep(0.02)  # so that the pieces come as pieces, mostly
        while len(responses(data, heads)[0]) < count and (more := guest.recv(1 << 20)):
            data += more
        found, left = responses(data, heads)
        if found and found[-1][2]:
            with suppress(ConnectionResetError):  # closed with bytes unread; the response has come
                left += guest.recv(1000)
    except TimeoutError:
        raise Failure(f"{story}: {WAIT:g} seconds later {responses(data, heads)[0]!r} has come, and the connection is "
                      "open", hint=2) from None
    except OSError as error:
        raise Failure(f"{story}: {type(error).__name__} after {responses(data, heads)[0]!r}", hint=2) from error
    require(left == b"", f"{story}: behind the responses comes {left[:60]!r}", hint=2)
    return found


def conforms(answer: Answer, engine: str) -> None:
    """Run all requests through an engine, each on a connection of its own; and guests who go."""
    with running(answer, engine) as server:
        for name, (pieces, want) in REQUESTS.items():
            with server.connect() as guest:
                heads = {0} if name == "HEAD" else set()
                got = talked(guest, pieces, len(want), f"{engine}, {name}", heads)
                expect(got, want, f"{engine}, {name}; status, content and 'Connection: close' of each response", hint=2)
        story = f"{engine}, after guests who went without waiting"
        for said in (b"", GET[:9], GET, ask("/big")):
            with server.connect(story) as guest:
                guest.sendall(said)
        with server.connect(story) as guest:
            expect(talked(guest, [GET], 1, story), [EMMA], f"{story}; the response to the next one", hint=2)


@check("each engine serves the thirty-four requests, and guests who go", needs=talks_http, points=3, timeout=120)
def serves_requests(answer: Answer) -> None:
    """The three engines side by side."""
    each(answer, conforms)


def each(answer: Answer, scene: Callable[[Answer, str], None]) -> None:
    """Play a scene with the three engines, side by side; the first failure counts, in the order of the engines."""
    with ThreadPoolExecutor(len(NAMES)) as stages:
        for played in [stages.submit(scene, answer, engine) for engine in NAMES]:
            played.result()


@check("the engine with threads has a thread for each guest, as long as it stays", needs=serves_requests, timeout=90)
def threads_serve(answer: Answer) -> None:
    """Ten guests at once, who stay and then go; one whose request takes long."""
    with running(answer, "threads") as server, ExitStack() as stack:
        guests = [stack.enter_context(server.connect()) for _ in range(10)]
        idents = {talked(guest, [ask("/thread")], 1, "threads, ten guests")[0][1] for guest in guests}
        expect(len(idents), 10, "threads: ten guests who stay; in how many threads they were served", hint=2)
        for guest in guests:
            guest.close()
        before = time.monotonic()
        with server.connect() as guest:
            while (left := int(talked(guest, [ask("/count")], 1, "threads, ten have gone")[0][1])) > 3:
                require(time.monotonic() < before + WAIT, f"threads: ten guests have gone, and {left} threads are "
                        "there: they do not end with their guests", hint=2)
                time.sleep(0.05)
    with running(answer, "threads") as server, server.connect() as one, server.connect() as other:
        story = "threads: the request of one guest is handled for 1.5 seconds, and another one asks"
        one.sendall(ask("/wait=1.5"))
        has_read(server, one)
        expect(talked(other, [GET], 1, story), [EMMA], f"{story}; what that one gets", hint=2)
        expect(bool(select.select([one], [], [], 0)[0]), False, f"{story}; whether it has to wait for the first",
               hint=2)


@check("the one with processes has two workers, each with one guest at a time", needs=serves_requests, points=2,
       timeout=90)
def prefork_serves(answer: Answer) -> None:
    """The pids of two guests who stay, and a third one."""
    with running(answer, "prefork") as server, server.connect() as one, server.connect() as other:
        pids = [int(talked(guest, [ask("/pid")], 1, "prefork, two guests")[0][1]) for guest in (one, other)]
        require(len({*pids, server.process.pid}) == 3, f"prefork: two guests who stay are served by the processes "
                f"{pids}, the engine is {server.process.pid}; they should be two workers", hint=2)
        with server.connect() as third:
            third.sendall(GET)
            ready, _, _ = select.select([third], [], [], 0.5)
            expect(bool(ready), False, "prefork: two workers have a guest each, who stays; whether a third one is "
                   "answered meanwhile", hint=2)
            one.close()
            expect(talked(third, [], 1, "prefork, the third guest"), [EMMA], "prefork: one of the two goes; what the "
                   "third gets", hint=2)


@check("workers that die are replaced", needs=prefork_serves, points=1, timeout=60)
def replaces_workers(answer: Answer) -> None:
    """Three die, more than there were."""
    with running(answer, "prefork") as server:
        for number in range(3):
            with server.connect() as guest:
                guest.sendall(ask("/die"))
                expect(guest.recv(100), b"", "prefork: handle ends its process with os._exit; what the guest gets",
                       hint=2)
            story = f"prefork: {number + 1} workers have died"
            with server.connect() as one, server.connect() as other:
                got = [talked(guest, [ask("/pid")], 1, story)[0][0] for guest in (one, other)]
                expect(got, [200, 200], f"{story}; the status for two guests who stay", hint=2)
        server.process.send_signal(signal.SIGTERM)
        expect(server.ends("prefork, SIGTERM after three workers have died")["children"], 0, "prefork: three workers "
               "have died, then SIGTERM comes; children that are left over", hint=3)


@check("the loop has one thread, asleep while nothing is to be done", needs=serves_requests, points=2, timeout=90)
def loop_serves(answer: Answer) -> None:
    """Forty guests at once, one who does not read, and a quiet second."""
    with running(answer, "loop") as server, ExitStack() as stack:
        guests = [stack.enter_context(server.connect()) for _ in range(40)]
        for guest in guests:
            guest.sendall(GET[:30])
        for guest in reversed(guests):
            expect(talked(guest, [GET[30:]], 1, "loop, forty guests"), [EMMA], "loop: forty guests have sent a half of "
                   "their request each, and now the rest", hint=2)
        expect(talked(guests[0], [ask("/count")], 1, "loop, threads")[0][1], b"1", "loop: forty guests are there; "
               "threads of the process", hint=2)
        with server.connect() as slow:
            slow.sendall(ask("/big"))
            expect(talked(guests[1], [GET], 1, "loop, beside a guest who does not read"), [EMMA], "loop: one guest "
                   "does not read its long response; what another one gets meanwhile", hint=2)
            used = [float(talked(guests[0], [ask("/cpu")], 1, "loop, a quiet second")[0][1])]
            time.sleep(1.0)
            used.append(float(talked(guests[0], [ask("/cpu")], 1, "loop, a quiet second")[0][1]))
            require(used[1] - used[0] < 0.3, f"loop: in a second without a request, with forty guests and one who does "
                    f"not read, the process computes for {used[1] - used[0]:.1f} seconds. It does not sleep", hint=2)


@check("slow guests hold up nobody for ever", needs=loop_serves, points=3, timeout=150)
def survives_slow_guests(answer: Answer) -> None:
    """Silent ones, half a request, nobody reads; one who is slow, but comes on; one who came during another's turn."""
    each(answer, slow_guests)
    with running(answer, "loop", SHORT) as server, server.connect() as one, server.connect() as other:
        story = f"loop: the patience is {SHORT:g}, a request is handled for {SHORT * 1.5:g} seconds, and another comes"
        expect(talked(other, [GET], 1, story), [EMMA], f"{story}; the first response", hint=3)
        one.sendall(ask(f"/wait={SHORT * 1.5}"))
        has_read(server, one)
        expect(talked(other, [GET], 1, story), [EMMA], f"{story} meanwhile; what that one gets", hint=3)


def slow_guests(answer: Answer, engine: str) -> None:
    """Let slow guests come to one engine."""
    with running(answer, engine, SHORT) as server:
        for name, said in (("says nothing", b""), ("sends half a request and no more", GET[:20]),
                           ("stays silent after a response", GET), ("does not read a long response", ask("/big"))):
            closes(server, name, said)
        with server.connect() as guest:
            story = f"{engine}: a guest sends a byte every {SHORT / 5:g} seconds, and the patience is {SHORT:g}"
            data = ask("/books/7")[-9:]
            guest.sendall(ask("/books/7")[:-9])
            for at in range(9):
                time.sleep(SHORT / 5)
                with suppress(OSError):  # closed: told by what comes
                    guest.sendall(data[at:at + 1])
            expect(talked(guest, [], 1, story), [EMMA], f"{story}; what it gets", hint=3)
        with server.connect() as guest:
            story = f"{engine}: a guest takes a long response slowly, but takes it"
            guest.sendall(ask("/big", more="Connection: close\r\n"))
            got = 0
            for _ in range(12):
                time.sleep(SHORT / 5)
                got += len(guest.recv(BIG // 12))
            with suppress(ConnectionError):
                while more := len(guest.recv(1 << 20)):
                    got += more
            require(got > BIG, f"{story}: it gets {got:,} of {BIG:,} bytes", hint=3)


def closes(server: Server, name: str, said: bytes) -> None:
    """Require that a guest is closed in time, and that others are served."""
    story = f"{server.engine}: a guest {name}, and the patience is {SHORT:g} seconds"
    with server.connect() as guest:
        begin = time.monotonic()
        guest.sendall(said)
        with server.connect() as other:
            expect(talked(other, [GET], 1, story), [EMMA], f"{story}; what another one gets", hint=3)
        if said.startswith(b"GET /big"):
            time.sleep(3 * SHORT)
        got = 0
        try:
            while more := len(guest.recv(1 << 20)):
                got += more
        except TimeoutError:
            raise Failure(f"{story}: {WAIT:g} seconds later its connection is open", hint=3) from None
        except ConnectionError:
            pass
        require(got < BIG, f"{story}: {3 * SHORT:g} seconds later it begins to read, and gets all {BIG:,} bytes. Its "
                "connection should have been closed", hint=3)
        require(time.monotonic() - begin > SHORT / 2, f"{story}: its connection is closed much sooner", hint=3)


@check("SIGTERM: who has asked is answered, and then it ends", needs=survives_slow_guests, points=4, timeout=150)
def ends_politely(answer: Answer) -> None:
    """Idle guests, half a request, one being handled, one being sent, one who comes too late; nothing is left over."""
    each(answer, goodbye)
    each(answer, goodbye_meanwhile)
    each(answer, goodbye_sending)


def goodbye(answer: Answer, engine: str) -> None:
    """SIGTERM with one idle guest, and one in the middle of a request, who goes on."""
    with running(answer, engine) as server:
        story = f"{engine}: SIGTERM comes while one guest is idle and another one has sent half of a request"
        with server.connect() as half, server.connect() as idle:
            for guest in (half, idle):
                talked(guest, [GET], 1, story)
            half.sendall(GET[:20])
            has_read(server, half)
            server.process.send_signal(signal.SIGTERM)
            expect(talked(idle, [], 1, story), [], f"{story}; what the idle one gets before its connection is closed",
                   hint=3)
            idle.close()
            nobody_new(server, story)
            expect(talked(half, [GET[20:]], 1, story), [end()], f"{story}; what the other one gets when it sends the "
                   "rest", hint=3)
            half.close()
            report = server.ends(story)
        used = report.pop("cpu")
        expect(report, {"children": 0, "threads": 1, "door": True, "stop": True}, f"{story}; child processes, "
               "threads, and whether the door is open and stop can still be read from, when the engine has returned",
               hint=3)
        require(used < QUIET / 2, f"{story}; {QUIET:g} seconds later it sends the rest. The server computes for "
                f"{used:g} seconds meanwhile: it does not sleep", hint=3)
        expect(server.process.wait(WAIT), 0, f"{story}; the exit code", hint=3)


def nobody_new(server: Server, story: str) -> None:
    """Come when the server is ending, and ask; nobody may answer. Takes `QUIET` seconds."""
    try:
        with socket.create_connection(("127.0.0.1", server.port), WAIT) as late:
            late.settimeout(QUIET)
            late.sendall(GET)
            expect(late.recv(100), b"", f"{story}; the idle one has been closed, and somebody new comes and asks; what "
                   "this one gets", hint=3)
    except OSError:  # refused, or not answered
        pass
    time.sleep(QUIET)


def goodbye_sending(answer: Answer, engine: str) -> None:
    """SIGTERM while a long response is on its way."""
    with running(answer, engine) as server, server.connect() as guest:
        story = f"{engine}: SIGTERM comes while a guest reads a response of {BIG:,} bytes"
        guest.sendall(ask("/big"))
        first = guest.recv(100_000)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        got = len(first.partition(b"\r\n\r\n")[2])
        with suppress(ConnectionError):
            while got < BIG and (more := len(guest.recv(1 << 20))):
                got += more
        expect(got, BIG, f"{story}; how many bytes of it come", hint=3)
        guest.close()
        server.ends(story)


class Door(socket.socket):
    """A door at which all who wait hear the bell before one of them opens it."""

    def accept(self) -> tuple[socket.socket, Any]:
        """Open it a moment later."""
        time.sleep(0.05)
        return super().accept()


def unread(stop: socket.socket) -> bool:
    """Whether a socket is open, and what came to it is still there."""
    with suppress(OSError):
        stop.setblocking(False)
        return stop.recv(1) == b"!"
    return False


def goodbye_meanwhile(answer: Answer, engine: str) -> None:
    """SIGTERM while a request is being handled; and with half a request that does not go on."""
    with running(answer, engine) as server, server.connect() as guest:
        story = f"{engine}: SIGTERM comes while a request is being handled"
        guest.sendall(ask("/wait=0.8"))
        has_read(server, guest)
        server.process.send_signal(signal.SIGTERM)
        got = talked(guest, [], 1, story)
        expect([each[:2] for each in got], [(200, b"waited")], f"{story}; the response", hint=3)
        guest.close()
        expect(server.ends(story)["threads"], 1, f"{story}; threads when the engine has returned", hint=3)
    with running(answer, engine, SHORT) as server, server.connect() as guest:
        story = f"{engine}: SIGTERM comes while a guest has sent half of a request, and it sends no more"
        guest.sendall(GET[:20])
        has_read(server, guest)
        server.process.send_signal(signal.SIGTERM)
        server.ends(story)


def has_read(server: Server, guest: socket.socket) -> None:
    """Wait until the server has read what a guest has sent: Linux tells its queues, elsewhere a moment has to do."""
    table, ends = Path("/proc/net/tcp"), (f":{server.port:04X} ", f":{guest.getsockname()[1]:04X} ")
    before = time.monotonic()
    while table.exists() and time.monotonic() < before + WAIT:
        ours = [line for line in table.read_text().splitlines() if ends[0] + "0100007F" + ends[1] in line]
        if ours and ours[0].split()[4].endswith(":00000000"):  # bytes to be sent, and to be read
            break
        time.sleep(0.02)
    time.sleep(0.15)  # for what it does with them


def left_over() -> int:
    """Return how many child processes there are, as far as they can be waited for."""
    count = 0
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return count
        count += 1
        if not pid:
            return count


def main(file: str, engine: str, patience: str) -> None:
    """Serve by an engine of the answer."""
    from course.check.answer import load

    loaded = load(Path(file))
    door = socket.create_server(("127.0.0.1", 0), backlog=128)
    door = Door(fileno=door.detach()) if engine == "prefork" else door
    bell, stop = socket.socketpair()
    signal.signal(signal.SIGTERM, lambda *_: bell.send(b"!"))
    print(json.dumps({"port": door.getsockname()[1]}), flush=True)
    before = sum(os.times()[:4])
    loaded.ENGINES[engine](door, stop, handle, float(patience))
    used = round(sum(os.times()[:4]) - before, 2)  # with the children that were waited for
    print(json.dumps({"children": left_over(), "threads": threading.active_count(), "door": door.fileno() != -1,
                      "stop": unread(stop), "cpu": used}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
