"""A stream is cut at every place, and in many ways; then it comes over a real connection."""

import random
import socket
import struct
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from typing import Any

from course.check import Answer, Failure, check, expect, require

PATIENCE = 5.0  # seconds until somebody who receives counts as stuck
MESSAGES = [b"lend Emma", b"", "Übergabe".encode(), b"\x00\x00\x00\x04", b"x" * 300, b""]


def framed(*messages: bytes) -> bytes:
    """Return the stream of these messages."""
    return b"".join(struct.pack(">I", len(message)) + message for message in messages)


def fed(answer: Answer, pieces: list[bytes], story: str = "") -> list[Any]:
    """Return what a new reader gives for these pieces, one after the other, and at the end."""
    reader, story = answer.FrameReader(), story or f"The pieces {shown(pieces)}"
    try:
        found = [reader.feed(piece) for piece in pieces]
    except Exception as error:
        raise Failure(f"{story}: `feed` raises {full_name(error)}: {error}", hint=2) from error
    lists = all(isinstance(some, list) for some in found)
    require(lists, f"{story}: `feed` gives {found!r:.300}, not a list each time", hint=1)
    return [message for some in found for message in some]


def full_name(error: Exception) -> str:
    """Return the name of an exception's class, with its module where it is not built in: struct.error."""
    kind = type(error)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def shown(pieces: list[bytes]) -> str:
    """Return pieces as text, shortened."""
    return repr(pieces) if len(repr(pieces)) < 200 else f"({len(pieces)} of them, {sum(map(len, pieces))} bytes)"


@check("`frame` puts the length in front")
def frames(answer: Answer) -> None:
    """Small, empty, text that is not ASCII, the longest, one that is too long."""
    for message in MESSAGES:
        expect(answer.frame(message), framed(message), f"frame({message!r})", hint=1)
    try:
        longest = len(answer.frame(b"x" * answer.LIMIT))
    except ValueError as error:
        raise Failure(f"frame(b'x' * LIMIT) raises ValueError ({error}); a message of exactly LIMIT bytes is allowed",
                      hint=1) from error
    expect(longest, answer.LIMIT + 4, "the length of frame(b'x' * LIMIT)", hint=1)
    try:
        answer.frame(b"x" * (answer.LIMIT + 1))
    except ValueError:
        return
    raise Failure("frame(b'x' * (LIMIT + 1)) raises nothing; it should raise ValueError", hint=1)


@check("messages come out whole, wherever the stream is cut", needs=frames, points=2, timeout=30)
def survives_each_cut(answer: Answer) -> None:
    """In one piece; in two, cut at every place; byte by byte; a hundred times at random."""
    stream = framed(*MESSAGES)
    cuts = [[stream], [stream[at:at + 1] for at in range(len(stream))], [b"", stream, b""]]
    cuts += [[stream[:at], stream[at:]] for at in range(1, len(stream))]
    dice = random.Random(4)
    for _ in range(100):
        places = [0, *sorted(dice.choices(range(len(stream)), k=dice.randint(1, 20))), len(stream)]
        cuts.append([stream[a:b] for a, b in pairwise(places)])
    for pieces in cuts:
        expect(fed(answer, pieces), MESSAGES, f"The pieces {shown(pieces)}; the messages", hint=2)
    one, other = answer.FrameReader(), answer.FrameReader()
    one.feed(framed(b"Emma")[:6])
    expect(other.feed(framed(b"Dune")), [b"Dune"], "Two readers: the first has half of a message; what the second "
           "gives for a whole one", hint=1)


@check("a message is given at once, and not before it is whole", needs=survives_each_cut)
def gives_at_once(answer: Answer) -> None:
    """After each byte of two messages; with the beginning of the next behind it."""
    reader, stream = answer.FrameReader(), framed(b"Emma", b"")
    for at in range(len(stream)):
        got = reader.feed(stream[at:at + 1])
        want = {7: [b"Emma"], 11: [b""]}.get(at, [])
        expect(got, want, f"{stream!r} comes byte by byte; what `feed` gives for byte {at + 1}", hint=2)
    for more in (1, 4, 6):
        stream = framed(b"Emma", b"Dune")[:8 + more]
        expect(answer.FrameReader().feed(stream), [b"Emma"], f"{stream!r} comes in one piece; what `feed` gives",
               hint=2)


@check("a length above the limit is refused at once, and for ever", needs=survives_each_cut)
def refuses_a_length(answer: Answer) -> None:
    """Four bytes, in pieces too; behind a good message; then more bytes come."""
    for length in (answer.LIMIT + 1, 1 << 31, 0xFFFFFFFF):
        head = struct.pack(">I", length)
        good = framed(b"Emma")
        for pieces in ([head], [head[:3], head[3:]], [good + head], [good, head[:1], head[1:] + b"x"]):
            reader, story = answer.FrameReader(), f"A length of {length:,} comes in the last of {pieces!r}"
            for piece in pieces[:-1]:
                reader.feed(piece)
            refused(reader, pieces[-1], story)
            refused(reader, framed(b"Dune"), f"{story}; then comes a good message")
            refused(reader, b"", f"{story}; then come no bytes")
    story = "A message of exactly LIMIT bytes, which is allowed"
    got = fed(answer, [struct.pack(">I", answer.LIMIT), bytes(answer.LIMIT)], story)
    expect([len(message) for message in got], [answer.LIMIT], f"{story}; the lengths of what `feed` gives", hint=2)


def refused(reader: Any, data: bytes, story: str) -> None:
    """Require ValueError."""
    try:
        got = reader.feed(data)
    except ValueError:
        return
    except Exception as error:
        raise Failure(f"{story}: `feed` raises {full_name(error)}, not ValueError", hint=2) from error
    raise Failure(f"{story}: `feed` gives {got!r}; it should raise ValueError", hint=2)


@check("the end between two messages is an end, inside of one an error", needs=survives_each_cut)
def knows_the_end(answer: Answer) -> None:
    """After each byte of three messages, and before any."""
    stream = framed(b"Emma", b"", b"Dune")
    for at in range(len(stream) + 1):
        reader = answer.FrameReader()
        reader.feed(stream[:at])
        try:
            reader.end()
            got = "nothing"
        except EOFError:
            got = "EOFError"
        want = "nothing" if at in (0, 8, 12, 20) else "EOFError"
        expect(got, want, f"The stream ends after {at} bytes of {stream!r}; what `end` raises", hint=3)


@check("many small pieces cost no more than their bytes", needs=survives_each_cut, timeout=60)
def costs_its_bytes(answer: Answer) -> None:
    """A message of half a megabyte, in pieces of eight bytes; then 50,000 messages in one piece."""
    size = 1 << 19
    message, reader = bytes(size), answer.FrameReader()
    stream, made = framed(message), bytes_made(reader)
    got = [one for at in range(0, len(stream), 8) for one in made(stream[at:at + 8])]
    expect(len(got), 1, f"A message of {size:,} bytes comes in pieces of 8; the number of messages", hint=2)
    many = framed(*[b"Emma"] * 50_000)
    expect(len(answer.FrameReader().feed(many)), 50_000, "50,000 messages in one piece; how many `feed` gives", hint=2)


def bytes_made(reader: Any) -> Any:
    """Return `feed`, which fails when the reader keeps what it has in an object that is made anew for each piece."""
    kept: list[int] = []
    last: list[Any] = [None]  # held, so that what is made next is at another place

    def feed(data: bytes) -> Any:
        got = reader.feed(data)
        large = [value for value in held(reader) if isinstance(value, (bytes, bytearray)) and len(value) > 10_000]
        if large and large[0] is not last[0]:
            kept.append(len(large[0]))
            last[0] = large[0]
        require(len(kept) < 40, "A message of half a megabyte comes in pieces of 8 bytes: for each piece, `feed` makes "
                "all that has come before anew, since `bytes` cannot grow", hint=2)
        return got
    return feed


def held(reader: Any) -> list[Any]:
    """Return the values of a reader's attributes, and what stands in those that are lists and the like."""
    names = vars(reader) if hasattr(reader, "__dict__") else getattr(type(reader), "__slots__", ())
    values = [getattr(reader, name, None) for name in names]
    inner = [part for value in values if isinstance(value, (list, tuple, deque))
             for part in list(value)[:9]]
    return values + inner + [part for value in values if isinstance(value, dict) for part in value.values()]


@contextmanager
def connected() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Return two sockets that are connected, with a time limit."""
    branch, store = socket.socketpair()
    with branch, store:
        store.settimeout(PATIENCE)
        branch.settimeout(PATIENCE)
        yield branch, store


@check("over a connection, each message is yielded before the next recv", needs=knows_the_end, points=2, timeout=60)
def receives(answer: Answer) -> None:
    """A question and its answer; many at once; a long one; the end in between and inside; a reset."""
    with connected() as (branch, store):
        coming = answer.messages(store)
        for number in range(3):
            branch.sendall(framed(b"question %d" % number))
            expect(following(coming), b"question %d" % number, "A branch sends one message and waits for its answer; "
                   "what `messages` yields", hint=3)
        branch.sendall(framed(*MESSAGES)[:-6])
        branch.sendall(framed(*MESSAGES)[-6:] + framed(b"last")[:5])
        got = [following(coming) for _ in MESSAGES]
        expect(got, MESSAGES, "Six messages come in two pieces; what `messages` yields", hint=3)
        branch.shutdown(socket.SHUT_WR)
        expect(following(coming), "EOFError", "The branch ends inside a message; what `messages` raises", hint=3)
        require(store.fileno() != -1, "`messages` has closed the connection, which belongs to the caller", hint=3)
    with connected() as (branch, store):
        long = bytes(range(256)) * 3000
        sender = threading.Thread(target=sends, args=(branch, framed(long, b"end")))
        sender.start()
        got = list(answer.messages(store))
        sender.join(PATIENCE)
        expect([len(one) for one in got], [len(long), 3], "A message of 768,000 bytes, then one of 3, then the end; "
               "the lengths of what `messages` yields", hint=3)
        require(got == [long, b"end"], "A long message has come with other bytes in it", hint=3)
    with socket.create_server(("127.0.0.1", 0)) as door, socket.create_connection(door.getsockname()) as branch:
        store, _ = door.accept()
        with store:
            store.settimeout(PATIENCE)
            branch.sendall(framed(b"Emma"))
            coming = answer.messages(store)
            expect(following(coming), b"Emma", "A branch sends one message; what `messages` yields", hint=3)
            breaks_off(branch)
            expect(following(coming), "ConnectionResetError", "A message has come, and then the connection breaks off; "
                   "what `messages` raises", hint=3)


def breaks_off(branch: socket.socket) -> None:
    """Close a TCP connection with a reset: SO_LINGER with no time, see socket(7)."""
    linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
    branch.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    branch.close()


def sends(branch: socket.socket, stream: bytes) -> None:
    """Send all of a stream, and its end."""
    with suppress(OSError):  # nobody may receive any more
        branch.sendall(stream)
        branch.shutdown(socket.SHUT_WR)


def following(coming: Iterator[bytes]) -> bytes | str:
    """Return the next message, or what came instead."""
    try:
        return next(coming)
    except StopIteration:
        return "the end"
    except TimeoutError:
        raise Failure("`messages` receives again although a whole message has come, and still waits "
                      f"{PATIENCE:g} seconds later", hint=3) from None
    except Exception as error:
        return type(error).__name__
