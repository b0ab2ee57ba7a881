"""Two connected sockets. The sending end is a real one, which takes as much as the check says; then as it likes."""

import errno
import random
import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from course.check import Answer, Failure, check, expect, require

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
NAMES = {0: "0", READ: "EVENT_READ", WRITE: "EVENT_WRITE", READ | WRITE: "EVENT_READ | EVENT_WRITE"}
IN_VAIN = 1_000  # calls of send, one after the other, that find no room
LOST = (ConnectionResetError, BrokenPipeError, ConnectionAbortedError, TimeoutError, OSError)


class Line(socket.socket):
    """A real socket that takes `room` bytes; None: as many as the system says. `broken` is what it raises."""

    room: int | None = None
    broken: type[OSError] | None = None
    in_vain = 0

    def send(self, data: Any, flags: int = 0) -> int:
        """Take what there is room for."""
        if self.fileno() == -1:
            raise OSError(errno.EBADF, "Bad file descriptor")
        if self.broken:
            raise self.broken(errno.EIO, "the check's line is broken")
        piece = bytes(memoryview(data).cast("B")[:self.room])
        self.in_vain += 1
        if self.in_vain > IN_VAIN:
            raise Failure(f"send is called {IN_VAIN:,} times in a row and finds no room: that is waiting", hint=2)
        if piece or self.room is None:
            taken = super().send(piece, flags)
        elif len(data):
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        else:
            taken = 0
        self.in_vain = 0
        self.room = None if self.room is None else self.room - taken
        return taken

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Nobody may wait."""
        raise Failure("`sendall` is called: it waits until the reader has room, or raises and does not say how much "
                      "went", hint=1)

    def sendmsg(self, buffers: Any, *more: Any) -> int:  # type: ignore[override]
        """Take what there is room for."""
        return self.send(b"".join(map(bytes, buffers)))


class Castle:
    """An outbox of the answer, and the reader at the other end."""

    def __init__(self, answer: Answer, *marks: int) -> None:
        ours, self.reader = socket.socketpair()
        self.line = Line(ours.family, ours.type, ours.proto, fileno=ours.detach())
        self.story, self.got = f"Outbox({', '.join(['connection', *map(str, marks)])})", b""
        self.reader.settimeout(5.0)
        self.box = answer.Outbox(self.line, *marks)

    def room(self, room: int | None) -> "Castle":
        """Say how much the line takes from now on."""
        self.line.room = room
        self.story += f"; the line has room for {room} bytes" if room is not None else "; the line has room"
        return self

    def does(self, name: str, *arguments: Any) -> "Castle":
        """Call a method, which must not raise."""
        said = f"{name}({', '.join(shown(one) for one in arguments)})"
        self.story += f"; {said}"
        try:
            getattr(self.box, name)(*arguments)
        except Failure as failure:
            raise Failure(f"{self.story}: {failure.message}", hint=failure.hint) from None
        except Exception as error:
            raise Failure(f"{self.story} raises {type(error).__name__}: {error}", hint=2) from error
        return self

    def refuses(self, data: bytes) -> "Castle":
        """Require ValueError."""
        self.story += f"; send({shown(data)})"
        try:
            self.box.send(data)
        except ValueError:
            return self
        except Exception as error:
            raise Failure(f"{self.story} raises {type(error).__name__}, not ValueError", hint=3) from error
        raise Failure(f"{self.story} raises nothing; it should raise ValueError", hint=3)

    def arrives(self, want: bytes) -> "Castle":
        """Require that these bytes have arrived since the last time, and no others."""
        self.reader.setblocking(False)
        got = b""
        try:
            while data := self.reader.recv(100_000):
                got += data
            got += b"(and the end)"
        except (BlockingIOError, ConnectionError):
            pass
        expect(got, want, f"{self.story}; what arrives", hint=1)
        self.reader.settimeout(5.0)
        return self

    def waits(self, waiting: int, interest: int, *, hint: int = 2) -> "Castle":
        """Require what waits, and what is to be watched."""
        expect(self.box.waiting, waiting, f"{self.story}; waiting", hint=hint)
        got = self.box.interest
        require(isinstance(got, int), f"{self.story}; interest is {got!r}, not a mask", hint=hint)
        expect(NAMES.get(got, str(got)), NAMES[interest], f"{self.story}; interest", hint=3)
        return self

    def paused(self, want: bool, *, hint: int = 3) -> "Castle":
        """Require what the producer is told."""
        expect(self.box.paused, want, f"{self.story}; {self.box.waiting} bytes wait; paused", hint=hint)
        return self

    def closed(self, want: bool) -> "Castle":
        """Require that the connection is closed, or is not."""
        expect(self.box.closed, want, f"{self.story}; closed", hint=3)
        expect(self.line.fileno() == -1, want, f"{self.story}; whether the connection is closed", hint=3)
        return self


def shown(value: Any) -> str:
    """Return a value as text; long bytes by their number."""
    return repr(value) if not isinstance(value, bytes) or len(value) < 30 else f"{len(value):,} bytes"


@contextmanager
def castle(answer: Answer, *marks: int) -> Iterator[Castle]:
    """Return an outbox and its reader; close them at the end."""
    one = Castle(answer, *marks)
    try:
        yield one
    finally:
        one.reader.close()
        one.line.close()


@check("what goes at once goes at once, and nothing waits")
def sends_at_once(answer: Answer) -> None:
    """Three times, and nothing."""
    with castle(answer) as one:
        expect(one.line.getblocking(), False, f"{one.story}; whether the connection blocks", hint=1)
        one.waits(0, READ).paused(False).closed(False)
        for data in (b"Emma", b"Dune, Walden", b"", b"\xff\x00\n"):
            one.does("send", data).waits(0, READ).arrives(data).paused(False)
        one.does("writable").waits(0, READ).arrives(b"").closed(False)


@check("what does not go waits, and arrives in order", needs=sends_at_once, points=2)
def keeps_the_rest(answer: Answer) -> None:
    """Room for a part, for nothing; more data while some waits; room again before the loop knows; a false hint."""
    both = READ | WRITE
    with castle(answer) as one:
        one.room(5).does("send", b"lend Emma").waits(4, both).arrives(b"lend ")
        one.does("writable").waits(4, both).arrives(b"")
        one.room(2).does("writable").waits(2, both).arrives(b"Em")
        one.room(0).does("send", b", Dune").waits(8, both).arrives(b"").does("writable").waits(8, both)
        one.room(7).does("writable").waits(1, both).arrives(b"ma, Dun")
        one.room(100).does("writable").waits(0, READ).arrives(b"e")
        one.does("send", b"!").waits(0, READ).arrives(b"!").closed(False)
    with castle(answer) as two:
        two.room(0).does("send", b"first ").waits(6, both).room(3).does("send", b"second ").room(4)
        two.does("send", b"third").room(100).does("writable").waits(0, READ).arrives(b"first second third")
    with castle(answer) as three:
        three.room(0)
        for number in range(10):
            three.does("send", b"book %d, " % number)
        three.waits(80, both)
        for count in (1, 7, 8, 9, 20, 35):
            three.room(count).does("writable")
        three.waits(0, READ).arrives(b"".join(b"book %d, " % number for number in range(10)))


@check("megabytes arrive at a reader who reads late, and in odd sizes", needs=keeps_the_rest, points=2, timeout=60)
def serves_a_late_reader(answer: Answer) -> None:
    """Three megabytes before the first byte is read; then reading and writing in turn, by a real selector."""
    for seed in (1, 2):
        dice = random.Random(seed)
        pieces = [dice.randbytes(dice.choice([1, 100, 30_000])) for _ in range(300)]
        with castle(answer) as one, selectors.DefaultSelector() as selector:
            late, soon = pieces[150:], pieces[:150]
            for piece in soon:
                one.box.send(piece)
            one.story += f"; {sum(map(len, soon)):,} bytes are sent in 150 pieces, and nobody reads; later 150 more"
            selector.register(one.line, one.box.interest)
            got, whole = bytearray(), b"".join(pieces)
            deadline = time.monotonic() + 30
            while len(got) < len(whole) and time.monotonic() < deadline:
                if late:
                    one.box.send(late.pop(0))
                selector.modify(one.line, one.box.interest)
                for _ in selector.select(0):
                    one.box.writable()
                got += read(one.reader, dice.choice([1, 777, 10_000, 65_537]))
                expect(bytes(got) == whole[:len(got)], True, f"{one.story}; whether the first {len(got):,} bytes that "
                       "arrive are those that were sent", hint=1)
            expect(len(got), len(whole), f"{one.story}; how many bytes arrive", hint=1)
            one.waits(0, READ).closed(False)
            selector.modify(one.line, one.box.interest)
            expect(len(selector.select(0)), 0, f"{one.story}; all has arrived; how many connections are ready", hint=3)


def read(reader: socket.socket, count: int) -> bytes:
    """Return what there is, up to so many bytes; wait a little where there is nothing."""
    reader.settimeout(0.01)
    try:
        return reader.recv(count)
    except (TimeoutError, ConnectionError):
        return b""


@check("the producer is stopped above the high mark, and goes on at the low one", needs=keeps_the_rest, points=2)
def tells_the_producer(answer: Answer) -> None:
    """Byte by byte around both marks, up and down; what goes at once does not count."""
    with castle(answer, 100, 40) as one:
        one.room(0).does("send", b"x" * 60).paused(False).does("send", b"x" * 40).paused(False)
        one.does("send", b"x").paused(True).does("send", b"x" * 9).paused(True)
        one.room(10).does("writable").paused(True).room(59).does("writable").paused(True)
        one.room(1).does("writable").waits(40, READ | WRITE).paused(False)
        one.room(0).does("send", b"x").paused(False).does("send", b"x" * 59).paused(False)
        one.does("send", b"x" * 2).waits(102, READ | WRITE).paused(True)
        one.room(50).does("writable").paused(True).does("send", b"x" * 5).paused(True)
        one.room(500).does("writable").waits(0, READ).paused(False)
    with castle(answer, 100, 40) as two:
        two.room(450).does("send", b"x" * 500).waits(50, READ | WRITE).paused(False)
        two.room(10).does("writable").paused(False)
    with castle(answer) as three:
        three.room(0).does("send", b"x" * 65_536).paused(False).does("send", b"x").paused(True)
        three.room(49_152).does("writable").paused(True).room(1).does("writable").paused(False)
    with castle(answer, 100, 40) as four:  # nobody asks when a mark is passed, only between the two
        four.room(0).does("send", b"x" * 101).room(41).does("writable").waits(60, READ | WRITE).paused(True)
        four.room(30).does("writable").waits(30, READ | WRITE).room(0).does("send", b"x" * 30)
        four.waits(60, READ | WRITE).paused(False)


@check("`close` lets what waits go first", needs=keeps_the_rest)
def closes_at_the_end(answer: Answer) -> None:
    """With nothing that waits; with something; twice; and then somebody sends."""
    with castle(answer) as one:
        one.does("send", b"Emma").does("close").closed(True).waits(0, 0, hint=3).arrives(b"Emma(and the end)")
        one.refuses(b"Dune").does("close").does("writable").closed(True)
    with castle(answer, 5, 2) as two:
        two.room(1).does("send", b"Walden").does("send", b", Dune").does("close").closed(False)
        two.waits(11, WRITE, hint=3).refuses(b"late").does("close").closed(False).does("writable").closed(False)
        two.room(3).does("writable").closed(False).waits(8, WRITE, hint=3).arrives(b"Wald")
        two.room(8).does("writable").closed(True).waits(0, 0, hint=3).paused(False).arrives(b"en, Dune(and the end)")
        two.refuses(b"late").does("writable").does("close").closed(True)


@check("a reader who goes is the end, without an exception", needs=tells_the_producer, timeout=30)
def survives_a_reset(answer: Answer) -> None:
    """A real one who goes, with bytes unread; each error, in `send`, in `writable`, and in the last one."""
    with castle(answer) as one:
        one.room(None)
        for _ in range(200):
            one.box.send(b"x" * 100_000)
        one.story += "; send(100,000 bytes) 200 times; the reader goes without having read"
        one.reader.close()
        for _ in range(200):
            story = one.story
            one.does("writable") if one.box.waiting else one.does("send", b"x" * 1_000)  # the system has taken it all
            if one.box.closed:
                break
            one.story = story
            time.sleep(0.02)
        gone(one)
    for error in LOST:
        with castle(answer, 100, 40) as two:
            two.line.broken = error
            two.story += f"; the connection raises {error.__name__}"
            gone(two.does("send", b"Emma"))
        with castle(answer, 100, 40) as three:
            three.room(0).does("send", b"x" * 200).paused(True)
            three.line.broken = error
            three.story += f"; the connection raises {error.__name__}"
            gone(three.does("writable"))
        with castle(answer, 100, 40) as four:
            four.room(0).does("send", b"x" * 200).does("close")
            four.line.broken = error
            four.story += f"; the connection raises {error.__name__}"
            four.does("writable").closed(True).waits(0, 0).paused(False)


def gone(one: Castle) -> None:
    """Require that an outbox has come to its end, and stays there quietly."""
    one.closed(True).waits(0, 0).paused(False)
    one.does("send", b"x" * 200).waits(0, 0).paused(False).does("writable").closed(True)
    one.does("close").does("writable").does("close").closed(True).waits(0, 0)
