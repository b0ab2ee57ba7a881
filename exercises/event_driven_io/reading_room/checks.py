"""`serve` runs in a thread; the check is its guests. It also counts how often a selector is asked."""

import errno
import gc
import os
import selectors
import socket
import struct
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from course.check import Answer, Failure, check, expect, require

PATIENCE = 6.0  # seconds until something that has to happen counts as missing
QUIET = 0.8  # seconds in which nobody says anything
CALLS = 1  # of select, that are allowed meanwhile
BUSY = 0.2  # seconds of CPU that are too many for a quiet one
LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)  # close by a reset
LONG = b"x" * 100_000
ROUNDS = 80  # of LONG: 8 megabytes, more than a system keeps for one connection that is not read


class Watch:
    """Counts the calls of `select`; while `hold` is set, each brings all that is ready a moment later."""

    def __init__(self) -> None:
        self.calls, self.hold = 0, 0.0

    @contextmanager
    def set(self) -> Iterator[None]:
        """Watch all kinds of selectors."""
        kinds = [kind for kind in subclasses(selectors.BaseSelector) if "select" in vars(kind)]
        plain = [vars(kind)["select"] for kind in kinds]
        for kind, select in zip(kinds, plain, strict=True):
            kind.select = self.watched(select)  # type: ignore[method-assign]
        try:
            yield
        finally:
            for kind, select in zip(kinds, plain, strict=True):
                kind.select = select  # type: ignore[method-assign]

    def watched(self, plain: Callable[..., Any]) -> Any:
        """Return a `select` that is watched."""
        def select(selector: Any, timeout: float | None = None) -> Any:
            self.calls += 1
            ready = plain(selector, timeout)
            if ready and self.hold:
                time.sleep(self.hold)
                ready = sorted(plain(selector, 0), key=lambda pair: pair[0].fd)
            return ready
        return select


def subclasses(kind: type) -> list[type]:
    """Return all classes below one."""
    return [one for child in kind.__subclasses__() for one in (child, *subclasses(child))]


class Guest:
    """Somebody in the room."""

    def __init__(self, room: "Room", name: bytes = b"", *, slow: bool = False) -> None:
        self.room, self.name, self.data = room, name, b""
        self.socket = socket.socket()
        room.guests.append(self)
        self.socket.settimeout(PATIENCE)
        if slow:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        self.socket.connect(room.address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if name:
            line = name + b"\n"
            self.says(line).hears(b"welcome, " + line, f"a guest sends {line!r}")

    def says(self, *pieces: bytes) -> "Guest":
        """Send pieces, with a pause between two."""
        for number, piece in enumerate(pieces):
            if number:
                time.sleep(0.02)
            try:
                self.socket.sendall(piece)
            except OSError as error:
                self.room.fail(f"{self.who()} sends {shown(piece)}: {type(error).__name__}, the server has closed the "
                               "connection, or takes nothing any more")
        return self

    def who(self) -> str:
        """Say who this is."""
        return self.name.decode() or "a guest without a name"

    def receive(self) -> bytes:
        """Receive; be patient only while somebody serves. Raises TimeoutError."""
        deadline = time.monotonic() + PATIENCE
        while True:
            served = self.room.thread.is_alive()
            self.socket.settimeout(0.2)
            try:
                return self.socket.recv(1 << 20)
            except TimeoutError:
                if not served or time.monotonic() > deadline:
                    raise
            finally:
                self.socket.settimeout(PATIENCE)

    def line(self) -> bytes | str:
        """Return the next line, or what came instead."""
        while b"\n" not in self.data:
            try:
                more = self.receive()
            except TimeoutError:
                return "nothing" + (f" after {shown(self.data)}" if self.data else "")
            except OSError as error:
                return f"{type(error).__name__}"
            if not more:
                return "the end of the connection" + (f" after {shown(self.data)}" if self.data else "")
            self.data += more
        line, _, self.data = self.data.partition(b"\n")
        return line + b"\n"

    def hears(self, want: bytes, told: str, *, hint: int = 1) -> "Guest":
        """Require the next line."""
        got = self.line()
        if got != want:
            self.room.fail(f"{told}; what {self.who()} hears next", shown(want), shown(got), hint)
        require(got == want, told, hint=hint)
        return self

    def ends(self, told: str, *, hint: int = 3) -> int:
        """Require that the server closes the connection; return how many bytes came before."""
        count = len(self.data)
        try:
            while data := self.receive():
                count += len(data)
        except TimeoutError:
            self.room.fail(f"{told}: the connection of {self.who()} stays open, after "
                           f"{count:,} more bytes", hint=hint)
        except ConnectionError:
            pass
        return count

    def reset(self) -> None:
        """Go in an unfriendly way."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
        self.socket.close()


def shown(value: bytes | str) -> str:
    """Return a value as text, shortened."""
    if isinstance(value, str):
        return value
    return repr(value) if len(value) < 60 else f"{value[:20]!r}... ({len(value):,} bytes)"


class Room:
    """`serve` in a thread."""

    def __init__(self, answer: Answer, listening: socket.socket, story: str, limit: int | None) -> None:
        self.listening, self.story, self.error = listening, story, None
        self.address = listening.getsockname()
        self.bell, self.stop = socket.socketpair()
        self.guests: list[Guest] = []
        self.watch = Watch()
        self.before = set(threading.enumerate())
        limits = () if limit is None else (limit,)
        self.thread = threading.Thread(target=self.go, args=(answer.serve, *limits), daemon=True)

    def go(self, serve: Callable[..., Any], *limits: int) -> None:
        """Call it."""
        try:
            serve(self.listening, self.stop, *limits)
        except BaseException as error:
            frames = traceback.extract_tb(error.__traceback__)
            lines = [frame.lineno for frame in frames if frame.filename == serve.__code__.co_filename]
            where = f" in line {lines[-1]}" if lines else ""
            self.error = f"{type(error).__name__}{where}: {error}"

    def fail(self, told: str, want: str | None = None, got: str | None = None, hint: int | None = None) -> None:
        """Fail, and say what has become of `serve`."""
        self.thread.join(0.2)
        if not self.thread.is_alive():
            told += f". serve has raised {self.error}" if self.error else ". serve has returned"
        raise Failure(f"{self.story}: {told}", expected=want, actual=got, hint=hint)

    def ended(self) -> None:
        """Ring, and require that `serve` returns."""
        with suppress(OSError):
            self.bell.send(b"!")
        self.thread.join(PATIENCE)
        if self.thread.is_alive():
            self.fail(f"stop can be read from, and {PATIENCE:g} seconds later serve has not returned", hint=3)
        if self.error:
            self.fail("stop can be read from", hint=3)


@contextmanager
def room(answer: Answer, story: str, *, limit: int | None = None, kind: type[socket.socket] = socket.socket,
         ends: bool = True) -> Iterator[Room]:
    """Open a room; at the end let `serve` end."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as plain:
        listening = kind(plain.family, plain.type, plain.proto, fileno=plain.detach())
    one = Room(answer, listening, story, limit)
    with one.watch.set():
        one.thread.start()
        try:
            yield one
            if ends:
                for guest in one.guests:
                    guest.socket.close()
                time.sleep(0.05)
                one.ended()
        finally:
            for guest in one.guests:
                guest.socket.close()
            with suppress(OSError):
                one.bell.send(b"!")
            with suppress(OSError), socket.create_connection(one.address, 1.0):
                one.thread.join(0.5 if ends else PATIENCE)  # one who still accepts
            for end in (one.bell, one.stop, listening):
                end.close()


def talk(one: Guest, others: list[Guest], words: bytes) -> None:
    """Let one guest speak, and require that the others hear it."""
    one.says(words + b"\n")
    for other in others:
        other.hears(one.name + b": " + words + b"\n", f"{one.who()} sends {shown(words)} and a line end")


@check("a name is welcomed, and what one says all others hear, in one thread", timeout=60)
def passes_on(answer: Answer) -> None:
    """Three guests; bytes that are no text; somebody who comes later."""
    with room(answer, "Three guests in the room") as one:
        ada, grace = Guest(one, b"Ada"), Guest(one, b"Grace")
        talk(ada, [grace], b"Emma?")
        silent, edsger = Guest(one), Guest(one, b"Edsger")
        threads = set(threading.enumerate()) - one.before - {one.thread}
        require(not threads, f"Four guests are in the room: serve has started {len(threads)} more threads", hint=1)
        talk(edsger, [ada, grace], b"Dune: \xff\x00 \r and \r")
        talk(grace, [ada, edsger], b"")
        talk(ada, [grace, edsger], b"bye")
        silent.says(b"Barbara\n").hears(b"welcome, Barbara\n", "a fourth one has been in the room without a name, and "
                                        "now sends b'Barbara\\n'")
        silent.name = b"Barbara"
        talk(silent, [ada, grace, edsger], b"Ada")
        talk(edsger, [ada, grace, silent], b" spaces ")
        odd, empty = Guest(one, b" Alan\r"), Guest(one)
        empty.says(b"\n").hears(b"welcome, \n", "a guest's first line is empty")
        talk(odd, [ada, grace, edsger, silent, empty], b"hello")
        talk(empty, [ada, grace, edsger, silent, odd], b"a name of no bytes")
    expect(one.error, None, "Three guests in the room; what serve raises")


@check("lines come in pieces, and several at once", needs=passes_on, timeout=60)
def joins_pieces(answer: Answer) -> None:
    """Byte by byte; many in one piece; the name and more; two guests in turn; a long line."""
    with room(answer, "Lines come as the network likes", limit=16_000_000) as one:
        grace = Guest(one, b"Grace")
        ada = Guest(one)
        ada.name = b"Ada"
        ada.says(b"A", b"d", b"a", b"\nE", b"mma", b"\n\nDu").hears(b"welcome, Ada\n", "Ada sends b'Ada' in pieces")
        grace.hears(b"Ada: Emma\n", "Ada sends b'A', b'd', b'a', b'\\nE', b'mma', b'\\n\\nDu'")
        grace.hears(b"Ada: \n", "Ada sends b'A', b'd', b'a', b'\\nE', b'mma', b'\\n\\nDu'")
        edsger = Guest(one)
        edsger.name = b"Edsger"
        edsger.says(b"Edsger\nfirst\nsecond\nthi").hears(b"welcome, Edsger\n", "Edsger sends its name and more")
        for want in (b"Edsger: first\n", b"Edsger: second\n"):
            for guest in (ada, grace):
                guest.hears(want, "Edsger sends b'Edsger\\nfirst\\nsecond\\nthi' in one piece")
        ada.says(b"ne\n")
        for guest in (grace, edsger):
            guest.hears(b"Ada: Dune\n", "Ada sends b'Du', Edsger sends b'thi', Ada sends b'ne\\n'")
        edsger.says(b"rd\n")
        for guest in (grace, ada):
            guest.hears(b"Edsger: third\n", "Edsger sends b'thi', Ada speaks, Edsger sends b'rd\\n'")
        grace.says(b"y" * 150_000 + b"\n")
        for guest in (ada, edsger):
            guest.hears(b"Grace: " + b"y" * 150_000 + b"\n", "Grace sends a line of 150,000 bytes")
        ada.says(b"".join(b"%d\n" % number for number in range(2_000)))
        for number in range(2_000):
            for guest in (grace, edsger):
                guest.hears(b"Ada: %d\n" % number, "Ada sends the numbers from 0 to 1999, a line each, in one piece")


@check("who leaves is gone, and all others go on", needs=joins_pieces, timeout=60)
def survives_goodbyes(answer: Answer) -> None:
    """At each moment; politely and by a reset; with last words."""
    with room(answer, "Guests leave") as one:
        ada, grace = Guest(one, b"Ada"), Guest(one, b"Grace")
        for words in (b"", b"Edsger", b"Edsger\n", b"Edsger\nhalf a li"):
            for rude in (False, True):
                leaving = Guest(one)
                leaving.says(words)
                time.sleep(0.02)
                leaving.reset() if rude else leaving.socket.close()
                talk(ada, [grace], b"after somebody who sent %d bytes" % len(words))
                talk(grace, [ada], b"yes")
        before = numbers()
        told = "Barbara sends b'last words\\nhalf a li' and says that it sends no more"
        barbara = Guest(one, b"Barbara").says(b"last words\nhalf a li")
        barbara.socket.shutdown(socket.SHUT_WR)
        for guest in (ada, grace):
            guest.hears(b"Barbara: last words\n", told)
        barbara.ends(told, hint=2)
        for turn in range(10):
            rude = Guest(one, b"Edsger")
            rude.says(b"here\n")
            for guest in (ada, grace):
                guest.hears(b"Edsger: here\n", "Edsger comes and speaks")
            one.watch.hold = 0.05  # so that the server finds both at once
            rude.reset()
            ada.says(b"%d\n" % turn)
            grace.hears(b"Ada: %d\n" % turn, "Edsger goes by a reset, and Ada speaks at the same time")
            one.watch.hold = 0.0
        talk(grace, [ada], b"all quiet")
        barbara.socket.close()
        expect(len(numbers() - before), 0, "Guests leave: eleven have come and gone; descriptors that are open, and "
               "were not before", hint=2)
        grace.reset()
        ada.says(b"alone\n")
        late = Guest(one, b"Grace")
        talk(ada, [late], b"Emma?")
    with room(answer, "Lines fail", kind=PlainDoor) as two:
        ada, grace, far = Guest(two, b"Ada"), Guest(two, b"Grace"), Guest(two, b"Far")
        Guest(two, b"Edsger").says(b"pull the plug\n")
        talk(ada, [grace, far], b"after recv has raised TimeoutError for somebody")
        talk(ada, [grace], b"a cable breaks: send raises OSError for somebody")
        talk(grace, [ada], b"and after that")


def numbers() -> set[int]:
    """Return the descriptors that are open; none on Windows, where sockets have other numbers."""
    found = set()
    for number in range(256 if os.name == "posix" else 0):
        with suppress(OSError):
            os.fstat(number)
            found.add(number)
    return found


class Shy(socket.socket):
    """A connection that has nothing each second time, whatever the selector has said."""

    asked = 0

    def recv(self, *arguments: Any) -> bytes:
        """Receive, or not."""
        self.asked += 1
        if self.asked % 2 and self.fileno() != -1:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        return super().recv(*arguments)


class Narrow(socket.socket):
    """A connection that takes a few bytes, and each second time none."""

    asked = 0

    def send(self, data: Any, flags: int = 0) -> int:
        """Send a little, or nothing."""
        self.asked += 1
        if self.asked % 2 and self.fileno() != -1:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        return super().send(bytes(data[:4]), flags)


class Torn(socket.socket):
    """A connection that fails at the words `plug` and `cable`, as one does from which nothing comes any more."""

    far = False

    def recv(self, *arguments: Any) -> bytes:
        """Receive, or fail as Linux does when nobody answers."""
        data = super().recv(*arguments)
        if b"plug" in data:
            raise TimeoutError(errno.ETIMEDOUT, "Connection timed out")
        self.far = self.far or data.startswith(b"Far")
        return data

    def send(self, data: Any, flags: int = 0) -> int:
        """Send, or fail as Linux does when the way is gone."""
        if self.far and b"cable" in data:
            raise OSError(errno.EHOSTUNREACH, "No route to host")
        return super().send(data, flags)


class Door(socket.socket):
    """A listening socket at which each second time nobody is there; guests are shy."""

    asked = 0
    guests: type[socket.socket] = Shy

    def accept(self) -> tuple[socket.socket, Any]:
        """Accept, or not."""
        self.asked += 1
        if self.asked % 2:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        plain, address = super().accept()
        return self.guests(plain.family, plain.type, plain.proto, fileno=plain.detach()), address


class PlainDoor(Door):
    """One that has somebody whenever it says so; of its guests the line fails."""

    guests: type[socket.socket] = Torn

    def accept(self) -> tuple[socket.socket, Any]:
        """Accept."""
        self.asked = 1
        return super().accept()


class NarrowDoor(PlainDoor):
    """One whose guests have little room."""

    guests = Narrow


@check("what the selector says is a hint", needs=joins_pieces, timeout=60)
def takes_a_hint(answer: Answer) -> None:
    """Nobody is at the door; nothing is to be received."""
    with room(answer, "accept and recv raise BlockingIOError each second time", kind=Door) as one:
        ada, grace = Guest(one, b"Ada"), Guest(one, b"Grace")
        talk(ada, [grace], b"Emma?")
        talk(grace, [ada], b"Dune!")
        expect(one.listening.getblocking(), False, "serve runs; whether listening blocks", hint=2)


@check("who does not read holds up nobody, and is thrown out at the limit", needs=survives_goodbyes, points=2,
       timeout=120)
def holds_up_nobody(answer: Answer) -> None:
    """Two who never read, and say something meanwhile; one who reads late; narrow lines."""
    with room(answer, "limit is 1000000", limit=1_000_000) as one:
        ada, first, second = Guest(one, b"Ada"), Guest(one, b"Edsger", slow=True), Guest(one, b"Barbara", slow=True)
        grace, one.watch.hold = Guest(one, b"Grace"), 0.001
        told = f"two guests never read; Ada sends {ROUNDS} lines of 100,000 bytes, each when Grace has heard the last"
        for _ in range(ROUNDS):
            for guest in (first, second):
                with suppress(OSError):
                    guest.socket.send(b"z")
            ada.says(LONG + b"\n")
            grace.hears(b"Ada: " + LONG + b"\n", told, hint=3)
        one.watch.hold = 0.0
        for guest in (first, second):
            count = guest.ends(f"{told}. Then one who has not read begins to read", hint=3)
            require(count < ROUNDS * len(LONG), f"limit is 1000000: {told}. Then one who has not read begins to read, "
                    f"and gets all {count:,} bytes", hint=3)
        talk(grace, [ada], b"Emma?")
    with room(answer, "limit is 16000000", limit=16_000_000) as two:
        ada, late, grace = Guest(two, b"Ada"), Guest(two, b"Edsger", slow=True), Guest(two, b"Grace")
        told = f"one guest does not read; Ada sends {ROUNDS} lines of 100,000 bytes, each when Grace has heard the last"
        for number in range(ROUNDS):
            ada.says(b"%d" % number + LONG + b"\n")
            grace.hears(b"Ada: %d" % number + LONG + b"\n", told, hint=3)
        for number in range(ROUNDS):
            late.hears(b"Ada: %d" % number + LONG + b"\n", f"{told}. Then the one begins to read", hint=3)
        talk(grace, [ada, late], b"Emma?")
    with room(answer, "limit is 10", limit=10) as three:  # what goes at once does not wait
        ada, grace = Guest(three, b"Ada"), Guest(three, b"Grace")
        talk(ada, [grace], b"x" * 1_000)
    with room(answer, "send takes four bytes, and each second time none", kind=NarrowDoor) as four:
        ada, grace = Guest(four, b"Ada"), Guest(four, b"Grace")
        talk(ada, [grace], b"Emma?")


@check("the thread sleeps while nobody says anything", needs=holds_up_nobody, timeout=60)
def sleeps(answer: Answer) -> None:
    """Three guests, one without a name; one who has gone; one for whom something waits."""
    with room(answer, "Guests say nothing", limit=16_000_000) as one:
        ada, grace, _ = Guest(one, b"Ada"), Guest(one, b"Grace"), Guest(one)
        talk(ada, [grace], b"Emma?")
        quiet(one, "three guests are there, and somebody has spoken")
        Guest(one, b"Edsger").socket.shutdown(socket.SHUT_WR)
        Guest(one, b"Edsger").reset()
        talk(ada, [grace], b"Dune?")
        quiet(one, "two guests have gone")
        Guest(one, b"Barbara", slow=True)
        for _ in range(ROUNDS):
            ada.says(LONG + b"\n")
            grace.hears(b"Ada: " + LONG + b"\n", "one guest does not read, and Ada speaks", hint=3)
        quiet(one, "something waits for a guest who does not read")


def quiet(one: Room, told: str) -> None:
    """Require that the server sleeps."""
    for _ in range(10):  # until what was said has been dealt with
        calls = one.watch.calls
        time.sleep(0.2)
        if one.watch.calls == calls:
            break
    calls, used, start = one.watch.calls, time.process_time(), time.monotonic()
    while time.monotonic() < start + QUIET:
        time.sleep(0.05)
    calls, used = one.watch.calls - calls, time.process_time() - used
    require(calls <= CALLS, f"{one.story}: {told}, and for {QUIET:g} seconds nothing happens. Meanwhile select was "
            f"called {calls} times: either it does not wait, or it is told to watch for what is always so", hint=2)
    require(used < BUSY, f"{one.story}: {told}, and for {QUIET:g} seconds nothing happens. Meanwhile the process "
            f"needed {used:.2f} s of CPU", hint=2)


@check("at the end nothing is left open, but what is the caller's", needs=holds_up_nobody, points=2, timeout=60)
def ends(answer: Answer) -> None:
    """With guests in all states; without any; by a byte, and by the end of `stop`."""
    before = numbers()
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always", ResourceWarning)
        with room(answer, "Guests are there", limit=16_000_000, ends=False) as one:
            ada, grace, silent = Guest(one, b"Ada"), Guest(one, b"Grace"), Guest(one)
            slow = Guest(one, b"Barbara", slow=True)
            for _ in range(ROUNDS):
                ada.says(LONG + b"\n")
                grace.hears(b"Ada: " + LONG + b"\n", "one guest does not read, and Ada speaks", hint=3)
            talk(grace, [ada], b"Emma?")
            grace.says(b"half a li")
            one.ended()
            gc.collect()
            for guest in (ada, grace, silent, slow):
                guest.ends("stop can be read from, and serve has returned", hint=3)
            mine(one)
        with room(answer, "Nobody is there", ends=False) as two:
            two.bell.close()
            two.thread.join(PATIENCE)
            require(not two.thread.is_alive(), "Nobody is there: the other end of stop is closed, so stop can be read "
                    f"from, and {PATIENCE:g} seconds later serve has not returned", hint=3)
            mine(two)
    lost = [str(one.message) for one in heard if issubclass(one.category, ResourceWarning)]
    require(not lost, f"Guests are there; stop can be read from, and serve has returned: {len(lost)} sockets were "
            "thrown away open. Python closes them when nothing refers to them any more, and promises no time for it",
            hint=3)
    expect(len(numbers() - before), 0, "Two rooms have been opened and closed; descriptors that are open, and were not "
           "before", hint=3)


def mine(one: Room) -> None:
    """Require that what is the caller's is as it was."""
    if one.error:
        one.fail("stop can be read from", hint=3)
    for name, end in (("listening", one.listening), ("stop", one.stop)):
        require(end.fileno() != -1, f"{one.story}: serve has closed {name}, which belongs to its caller", hint=3)
    if one.bell.fileno() != -1:
        one.stop.setblocking(False)
        try:
            got = one.stop.recv(10)
        except OSError:
            got = b""
        expect(got, b"!", f"{one.story}: b'!' has come to stop; what can be received from it afterwards", hint=3)
