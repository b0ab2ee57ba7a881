"""`tee` runs in a thread between pipes, whose other ends the check reads quickly, slowly, or not at all."""

import errno
import os
import random
import select
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from course.check import Answer, Failure, check, expect, require

PATIENCE = 6.0  # seconds until something that has to happen counts as missing
MOST_IN_VAIN = 200  # writes that found no room; who waits for room needs a few
NO_WINDOWS = "This exercise waits for pipes with select, which Windows cannot: do it on Linux, on macOS, or in WSL."
LONG = random.Random(5).randbytes(700_000)


class Pipe:
    """A pipe whose ends are closed at the end of the check, if nobody has closed them before."""

    def __init__(self) -> None:
        self.out, self.into = os.pipe()
        self.got = bytearray()

    def close(self, *ends: str) -> None:
        """Close some ends."""
        for end in ends or ("out", "into"):
            if (number := getattr(self, end)) >= 0:
                setattr(self, end, -1)
                try:
                    os.close(number)
                except OSError:
                    raise Failure("After the call one of the targets is closed. `tee` closes nothing: the descriptors "
                                  "belong to the caller", hint=3) from None

    def read_all(self, pause: float = 0.0, most: int = 1 << 16) -> threading.Thread:
        """Read in a thread until the end."""
        def read() -> None:
            with suppress(OSError):
                while data := os.read(self.out, most):
                    self.got += data
                    time.sleep(pause)
        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        return thread


@contextmanager
def pipes(count: int) -> Iterator[list[Pipe]]:
    """Open so many pipes."""
    require(sys.platform != "win32", NO_WINDOWS)
    made = [Pipe() for _ in range(count)]
    try:
        yield made
    finally:
        for one in made:
            one.close()


class Call:
    """A call of `tee` in a thread."""

    def __init__(self, answer: Answer, source: int, targets: list[int], story: str) -> None:
        self.story, self.result, self.error = story, None, None
        self.given, self.targets = list(targets), list(targets)
        self.thread = threading.Thread(target=self.go, args=(answer.tee, source), daemon=True)
        self.thread.start()

    def go(self, tee: Callable[..., Any], source: int) -> None:
        """Call it."""
        try:
            self.result = tee(source, self.targets)
        except BaseException as error:
            self.error = error

    def returned(self, hint: int) -> Any:
        """Return what it returned. Raises Failure when it raised, or has not returned."""
        self.thread.join(PATIENCE)
        if self.error is not None:
            raise Failure(f"{self.story}: `tee` raises {type(self.error).__name__}: {self.error}", hint=hint)
        if self.thread.is_alive():
            raise Failure(f"{self.story}: {PATIENCE:g} seconds later `tee` has not returned", hint=hint)
        require(self.targets == self.given, f"{self.story}: `tee` has changed the caller's list of targets, from "
                f"{len(self.given)} to {len(self.targets)}; who closes the others now?", hint=3)
        return self.result


def feed(pipe: Pipe, data: bytes) -> None:
    """Write into a source from a thread, and close it."""
    def write() -> None:
        rest = memoryview(data)
        with suppress(OSError):
            while rest:
                rest = rest[os.write(pipe.into, rest[:50_000]):]
        pipe.close("into")
    threading.Thread(target=write, daemon=True).start()


def same(pipe: Pipe, data: bytes, story: str, hint: int) -> None:
    """Require what a reader got; long data are compared by length and by the first difference."""
    if len(data) < 100:
        expect(bytes(pipe.got), data, story, hint=hint)
        return
    expect(len(pipe.got), len(data), f"{story}: number of bytes", hint=hint)
    place = next((at for at, (one, other) in enumerate(zip(pipe.got, data, strict=True)) if one != other), None)
    require(place is None, f"{story}: from byte {place} on, other ones", hint=hint)


@check("each target gets everything", timeout=60)
def copies_everything(answer: Answer) -> None:
    """No bytes, a few, many; one target, three; a file beside a pipe."""
    for data, count in ((b"Emma\nDune\n", 2), (b"", 2), (LONG, 1), (LONG, 3)):
        with pipes(count + 1) as (source, *targets):
            story = f"A source with {len(data):,} bytes, and {count} targets"
            readers = [target.read_all() for target in targets]
            feed(source, data)
            call = Call(answer, source.out, [target.into for target in targets], story)
            expect(call.returned(1), [len(data)] * count, f"{story}; what `tee` returns", hint=1)
            for number, (target, reader) in enumerate(zip(targets, readers, strict=True), 1):
                target.close("into")
                reader.join(PATIENCE)
                same(target, data, f"{story}; what comes out of target {number}", 1)
    with pipes(2) as (source, target):
        story = "A source with 10 bytes, and the same target twice"
        feed(source, b"Emma\nDune\n")
        call = Call(answer, source.out, [target.into] * 2, story)
        expect(call.returned(1), [10, 10], f"{story}; what `tee` returns", hint=1)
    with tempfile.TemporaryDirectory() as folder, pipes(2) as (source, target):
        story = "A source with 10 bytes; one target is a file, the other a pipe"
        log = os.open(Path(folder, "log"), os.O_WRONLY | os.O_CREAT)
        try:
            feed(source, b"Emma\nDune\n")
            call = Call(answer, source.out, [log, target.into], story)
            expect(call.returned(1), [10, 10], f"{story}; what `tee` returns", hint=1)
            expect(Path(folder, "log").read_bytes(), b"Emma\nDune\n", f"{story}; what is in the file", hint=1)
        finally:
            os.close(log)


@check("it is passed on as it comes", needs=copies_everything, timeout=60)
def passes_on_at_once(answer: Answer) -> None:
    """The source has not ended when the reader looks."""
    with pipes(2) as (source, target):
        story = "The source says b'Emma', and does not end"
        call = Call(answer, source.out, [target.into], story)
        target.read_all()
        for said in (b"Emma", b"Dune"):
            before = bytes(target.got)
            os.write(source.into, said)
            deadline = time.monotonic() + PATIENCE
            while bytes(target.got) == before and time.monotonic() < deadline and call.error is None:
                time.sleep(0.005)
            expect(bytes(target.got), before + said, f"{story}; what the target has got so far", hint=1)
        source.close("into")
        expect(call.returned(1), [8], f"{story}, then b'Dune', then it ends; what `tee` returns", hint=1)


@check("a target without room is waited for", needs=copies_everything, points=2, timeout=90)
def waits_for_room(answer: Answer) -> None:
    """A non-blocking target with a slow reader, beside a quick one; each write takes a part."""
    with pipes(3) as (source, slow, quick), counted_writes(slow.into) as (vain, blocking):
        story = "Two targets; one is non-blocking, and its reader takes 5,000 bytes at a time, with pauses"
        os.set_blocking(slow.into, False)
        readers = [slow.read_all(0.004, 5000), quick.read_all()]
        feed(source, LONG[:400_000])
        call = Call(answer, source.out, [slow.into, quick.into], story)
        expect(call.returned(2), [400_000] * 2, f"{story}; what `tee` returns", hint=2)
        require(len(vain) < MOST_IN_VAIN, f"{story}: {len(vain)} writes found no room, one after the other. Sleep "
                "until there is some", hint=2)
        require(not blocking and not os.get_blocking(slow.into), f"{story}: `tee` has made it blocking. That is a "
                "setting of the open file, which the caller shares", hint=2)
        for target, reader, name in ((slow, readers[0], "slow"), (quick, readers[1], "other")):
            target.close("into")
            reader.join(PATIENCE)
            same(target, LONG[:400_000], f"{story}; what comes out of the {name} one", 2)


@contextmanager
def counted_writes(slow: int) -> Iterator[tuple[list[int], list[int]]]:
    """Note each `os.write` that finds no room, and each to `slow` at a moment when it is blocking."""
    plain, vain, blocking = os.write, list[int](), list[int]()

    def write(number: int, data: Any) -> int:
        if number == slow and os.get_blocking(slow):
            blocking.append(len(data))
        try:
            return plain(number, data)
        except BlockingIOError:
            vain.append(number)
            if len(vain) > 20 * MOST_IN_VAIN:
                time.sleep(0.01)  # so that a loop without a pause leaves something for the others
            raise
    os.write = write
    try:
        yield vain, blocking
    finally:
        os.write = plain


@check("a reader who goes is missed by nobody", needs=copies_everything, points=2, timeout=60)
def goes_on_without_one(answer: Answer) -> None:
    """The first of three, the last, two of three; gone from the start, and in the middle."""
    for gone in ((0,), (2,), (0, 1)):
        with pipes(4) as (source, *targets):
            story = f"Three targets, and nobody reads from {' and '.join(f'number {one + 1}' for one in gone)}"
            for one in gone:
                targets[one].close("out")
            readers = {one: targets[one].read_all() for one in range(3) if one not in gone}
            feed(source, LONG)
            call = Call(answer, source.out, [target.into for target in targets], story)
            want = [0 if one in gone else len(LONG) for one in range(3)]
            expect(call.returned(2), want, f"{story}; what `tee` returns", hint=2)
            for one, reader in readers.items():
                targets[one].close("into")
                reader.join(PATIENCE)
                same(targets[one], LONG, f"{story}; what comes out of number {one + 1}", 2)
    with pipes(3) as (source, short, whole):
        story = "Two targets; the reader of the first goes after 1,000 bytes"
        reader = whole.read_all()
        feed(source, LONG)
        call = Call(answer, source.out, [short.into, whole.into], story)
        os.read(short.out, 1000)
        short.close("out")
        taken = call.returned(2)
        whole.close("into")
        reader.join(PATIENCE)
        same(whole, LONG, f"{story}; what comes out of the second", 2)
        good = isinstance(taken, list) and len(taken) == 2 and 1000 <= taken[0] < len(LONG) and taken[1] == len(LONG)
        require(good, f"{story}; `tee` returns {taken!r}: at least 1,000 and not all, and then {len(LONG)}", hint=2)
    with pipes(2) as (source, whole), broken_off() as target:
        story = "Two targets; the first is a socket whose other side has closed with something unread"
        reader = whole.read_all()
        feed(source, LONG)
        call = Call(answer, source.out, [target, whole.into], story)
        expect(call.returned(2), [0, len(LONG)], f"{story}; what `tee` returns", hint=2)
        whole.close("into")
        reader.join(PATIENCE)
        same(whole, LONG, f"{story}; what comes out of the second", 2)


@contextmanager
def broken_off() -> Iterator[int]:
    """Return the number of a TCP socket whose connection the other side has reset."""
    with socket.create_server(("127.0.0.1", 0)) as door, socket.create_connection(door.getsockname()) as guest:
        served, _ = door.accept()
        with served:
            served.sendall(b"unread")
            select.select([guest], [], [], PATIENCE)
            guest.close()
            select.select([served], [], [], PATIENCE)
            yield served.fileno()


@check("when nobody is left, it returns", needs=goes_on_without_one, timeout=60)
def ends_with_the_last(answer: Answer) -> None:
    """The source says something, and does not end; no target from the start."""
    with pipes(3) as (source, one, other):
        story = "Two targets without readers; the source has said b'Emma', and does not end"
        one.close("out")
        other.close("out")
        os.write(source.into, b"Emma")
        call = Call(answer, source.out, [one.into, other.into], story)
        expect(call.returned(3), [0, 0], f"{story}; what `tee` returns", hint=3)
    with pipes(1) as (source,):
        story = "No targets, and a source that says nothing and does not end"
        expect(Call(answer, source.out, [], story).returned(3), [], f"{story}; what `tee` returns", hint=3)


@check("other errors come out, and nothing is closed", needs=goes_on_without_one, timeout=60)
def closes_nothing(answer: Answer) -> None:
    """The descriptors are there afterwards, and no more; a descriptor that is none."""
    with pipes(3) as (source, target, gone):
        gone.close("out")
        os.write(source.into, b"Emma")
        source.close("into")
        before = numbers()
        story = "Two targets, of which one has no reader"
        Call(answer, source.out, [target.into, gone.into], story).returned(3)
        after = numbers()
        expect(sorted(before - after), [], f"{story}; descriptors that `tee` has closed", hint=3)
        expect(sorted(after - before), [], f"{story}; descriptors that were not open before", hint=3)
    with pipes(2) as (source, target):
        wrong = target.into
        target.close()
        os.write(source.into, b"Emma")
        call = Call(answer, source.out, [wrong], "A target that is not open")
        call.thread.join(PATIENCE)
        got = call.error.errno if isinstance(call.error, OSError) else None
        require(got == errno.EBADF, f"A target that is not open: `tee` should raise OSError (bad file descriptor), and "
                f"{f'raises {type(call.error).__name__}' if call.error else f'returns {call.result!r}'}", hint=3)


def numbers() -> set[int]:
    """Return the descriptors that are open."""
    found = set()
    for number in range(256):
        with suppress(OSError):
            os.fstat(number)
            found.add(number)
    return found
