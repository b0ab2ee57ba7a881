"""`serve` runs in a Python that is started for it; the check is its guests, and whoever ends workers.

`python checks.py ANSWER SOCKET NOTES` is that Python. It notes each fork, who comes out of `serve`, and what is left.
"""

import contextlib
import faulthandler
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from course.check import Answer, Failure, check, expect, require

PATIENCE = 9.0  # seconds until somebody counts as stuck; in a right server nobody needs a second
SILENCE = 1.0  # seconds in which somebody who should not answer would
BUSY = 0.1  # seconds of CPU in a second without work
NO_FORK = "This exercise needs fork, which Windows does not have: do it on Linux, on macOS, or in WSL."


class Guest:
    """A connection to the server."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.pid = 0

    def line(self, seconds: float = PATIENCE) -> bytes:
        """Return the first line that comes; what there is of it, when no more comes."""
        self.socket.settimeout(seconds)
        got = b""
        with contextlib.suppress(TimeoutError, ConnectionError):
            while not got.endswith(b"\n") and len(got) < 100 and (byte := self.socket.recv(1)):
                got += byte
        return got

    def exactly(self, count: int) -> bytes:
        """Return so many bytes, or what there is of them when no more come."""
        self.socket.settimeout(PATIENCE)
        got = b""
        with contextlib.suppress(TimeoutError, ConnectionError):
            while len(got) < count and (data := self.socket.recv(count - len(got))):
                got += data
        return got

    def rest(self) -> bytes | str:
        """Return all that comes until the server closes; a text when it does not close."""
        self.socket.settimeout(PATIENCE)
        got = b""
        try:
            while data := self.socket.recv(1 << 16):
                got += data
        except TimeoutError:
            return f"{got!r}, and then the connection stays open"
        except ConnectionError:
            pass
        return got

    def reset(self) -> None:
        """Go in an unfriendly way."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


class Server:
    """The process in which `serve` runs."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, folder: Path, path: str) -> None:
        self.process, self.port, self.folder, self.path = process, port, folder, path
        self.guests: list[Guest] = []

    def notes(self, key: str) -> list[Any]:
        """Return what has been noted under a key."""
        file = self.folder / "notes"
        lines = file.read_text().splitlines() if file.exists() else []
        return [value for name, value in map(json.loads, lines) if name == key]

    def guest(self, story: str) -> Guest:
        """Return a new guest, who has been greeted."""
        self.sound(story)
        guest = Guest(self.port)
        self.guests.append(guest)
        greeting = guest.line()
        self.sound(story)
        digits = greeting.removesuffix(b"\n")
        good = greeting.endswith(b"\n") and digits.isdigit() and digits.decode().isascii()
        if not good:
            where = "" if greeting else self.where().replace("it stands", "the parent stands")
            got = repr(greeting) if greeting else f"nothing within {PATIENCE:g} seconds{where}"
            raise Failure(f"{story}: a guest who connects is greeted with {got}, not with a pid in a line.", hint=1)
        guest.pid = int(digits)
        return guest

    def talks(self, guest: Guest, data: bytes, story: str) -> None:
        """Require an echo, while the connection stays open."""
        with contextlib.suppress(ConnectionError):
            guest.socket.sendall(data)
        expect(guest.exactly(len(data)), data, f"{story}: the guest sends {data!r}; what comes back", hint=1)

    def leaves(self, guest: Guest, story: str) -> None:
        """Let a guest say no more; the server has to close the connection."""
        guest.socket.shutdown(socket.SHUT_WR)
        expect(guest.rest(), b"", f"{story}: the guest says that it sends no more; what still comes until the server "
               "closes the connection", hint=1)
        guest.socket.close()

    def sound(self, story: str) -> None:
        """Require that nobody has come out of `serve`."""
        for copy in self.notes("copy"):
            raise Failure(f"{story}: a worker comes back out of serve: {copy}. Now there are two callers.", hint=2)
        for said in self.notes("raised"):
            raise Failure(f"{story}: {said}", hint=2)
        if others := [pid for pid in self.notes("fork") if pid != self.process.pid]:
            raise Failure(f"{story}: not only the parent forks, but process {others[0]}, too, which is one of its "
                          "workers.", hint=2)
        if self.process.poll() is not None or self.notes("returned"):
            raise Failure(f"{story}: serve does not go on: it has returned, or its process has ended.", hint=1)

    def cpu_while_idle(self) -> float:
        """Return the seconds of CPU that the parent needs in a second, or until it has needed too much."""
        with contextlib.suppress(psutil.Error):
            parent = psutil.Process(self.process.pid)
            before = sum(parent.cpu_times()[:2])
            until(lambda: self.process.poll() is not None or sum(parent.cpu_times()[:2]) - before > BUSY, 1.0)
            return float(sum(parent.cpu_times()[:2]) - before)
        return 0.0

    def forks(self) -> int:
        """Return how often the parent has forked."""
        return self.notes("fork").count(self.process.pid)

    def kill(self, guests: list[Guest]) -> None:
        """End the workers of these guests while the parent is held still: it finds them all dead at once."""
        self.process.send_signal(signal.SIGSTOP)
        for guest in guests:
            with contextlib.suppress(ProcessLookupError):
                os.kill(guest.pid, signal.SIGKILL)
        for guest in guests:
            guest.rest()  # ends when the worker's descriptors are closed, which is a moment before it is dead
        time.sleep(0.05)
        self.process.send_signal(signal.SIGCONT)

    def ends(self, story: str) -> None:
        """Send SIGTERM to the parent; require that `serve` returns, without a child."""
        self.sound(story)
        self.process.send_signal(signal.SIGTERM)
        ended = until(lambda: self.process.poll() is not None)
        if not ended:
            place = self.where()
            require(False, f"{story}; SIGTERM is sent to the parent: serve does not return{place}.", hint=3)
        for said in (*self.notes("copy"), *self.notes("raised")):
            raise Failure(f"{story}; SIGTERM is sent to the parent: {said}", hint=3)
        expect(self.notes("returned"), ["no child is left"], f"{story}; SIGTERM is sent to the parent (exit code "
               f"{self.process.returncode}); what is there when serve has returned", hint=3)
        require(not self.notes("closed"), f"{story}; SIGTERM is sent to the parent: serve has closed the listening "
                "socket, which belongs to its caller.", hint=3)
        require(not self.notes("group"), f"{story}; SIGTERM is sent to the parent: it sends a signal to a whole group "
                "of processes (os.killpg), to which others may belong.", hint=3)

    def where(self) -> str:
        """Let the parent write where it stands; return it as a part of a sentence."""
        self.process.send_signal(signal.SIGUSR1)
        dump = self.folder / "errors"
        until(lambda: self.path in dump.read_text(), 1.0)
        for line in dump.read_text().splitlines():
            if f'"{self.path}"' in line:
                number = int(line.partition(", line ")[2].split()[0])
                text = Path(self.path).read_text().splitlines()[number - 1].strip()
                return f" (it stands in line {number}: `{text}`)"
        return ""


@contextmanager
def server(answer: Answer, count: int, *, slow: bool = False) -> Iterator[Server]:
    """Start a server; end it at the end, with all that it has started. `slow`: a child takes its time to begin."""
    require(hasattr(os, "fork"), NO_FORK)
    path = answer.serve.__code__.co_filename
    with (tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0), backlog=64) as listening,
          Path(name, "errors").open("wb") as errors):
        arguments = [path, str(listening.fileno()), str(Path(name, "notes")), str(count), *["slow"] * slow]
        process = subprocess.Popen([sys.executable, "-W", "ignore", __file__, *arguments], stdin=subprocess.DEVNULL,
                                   stdout=errors, stderr=errors, pass_fds=[listening.fileno()], start_new_session=True)
        one = Server(process, listening.getsockname()[1], Path(name), path)
        listening.close()  # from now on only the server's processes hold it
        try:
            yield one
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for guest in one.guests:
                guest.socket.close()


def until(holds: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Wait until `holds()`; tell whether it does."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def exists(pid: int) -> bool:
    """Tell whether the system's table has this process, alive or as a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's, under the same number
    return True


@check("a worker greets a guest with its pid, and sends back what comes; then comes the next", timeout=90)
def greets_and_echoes(answer: Answer) -> None:
    """One worker; several things to say, bytes that are no text, and last words."""
    with server(answer, 1) as one:
        story = "One worker"
        first = one.guest(story)
        require(first.pid != one.process.pid, "One worker: the guest is greeted with the pid of the parent, which "
                "should accept nobody.", hint=1)
        for data in (b"Emma?", b"Walden?\n", b"\xff\0\r\n ", b" " * 50_000):
            one.talks(first, data, story)
        one.leaves(first, story)
        second = one.guest("One worker; the first guest has left")
        expect(second.pid, first.pid, "One worker; the first guest has left; the pid that greets the second", hint=1)
        second.socket.sendall(b"Dune?")
        second.socket.shutdown(socket.SHUT_WR)
        expect(second.rest(), b"Dune?", "One worker: a guest sends b'Dune?' and says that it sends no more; what comes "
               "until the server closes the connection", hint=1)


@check("so many workers, each with one guest at a time", needs=greets_and_echoes, timeout=90)
def serves_one_guest_each(answer: Answer) -> None:
    """As many guests at once as there are workers, and one more."""
    with server(answer, 3) as one:
        guests = [one.guest(f"Three workers; {number} guests are there already") for number in range(3)]
        pids = [guest.pid for guest in guests]
        story = f"Three workers, and three guests at once, who are greeted with {pids}"
        expect(len(set(pids)), 3, f"{story}; the number of different pids", hint=1)
        require(one.process.pid not in pids, f"{story}: one of them is the parent's.", hint=1)
        expect(one.forks(), 3, f"{story}; how often the parent has forked", hint=1)
        late = Guest(one.port)
        one.guests.append(late)
        used = one.cpu_while_idle()
        require(used < BUSY, f"{story}, and nobody says anything: in a second the parent needs {used:.2f} s of CPU. "
                "Let it sleep for a moment between two looks", hint=2)
        early = late.line(SILENCE)
        require(not early, f"{story}. A fourth guest is greeted with {early!r}, although no worker is free.", hint=1)
        for guest in reversed(guests):
            one.talks(guest, b"Emma?", story)
        one.leaves(guests[1], story)
        expect(late.line(), f"{pids[1]}\n".encode(), f"{story}. A fourth one waits, and the second leaves; what the "
               "fourth is greeted with", hint=1)
        one.sound(story)


@check("a worker that dies is fetched and replaced", needs=serves_one_guest_each, points=2, timeout=120)
def replaces_the_dead(answer: Answer) -> None:
    """One is killed, then all at the same time, then two."""
    with server(answer, 3) as one:
        dead, forks = set[int](), 3
        guests = [one.guest("Three workers") for _ in range(3)]
        for which in (slice(1, 2), slice(0, 3), slice(1, 3)):  # the oldest stays, all go, the oldest stays
            guests.sort(key=lambda guest: guest.pid)
            killed = [guest.pid for guest in guests[which]]
            story = f"Three workers, each with a guest; SIGKILL is sent to {len(killed)} of them"
            one.kill(guests[which])
            dead, forks = dead | set(killed), forks + len(killed)
            guests[which] = [one.guest(f"{story}; as many new guests come") for _ in killed]
            pids = [guest.pid for guest in guests]
            story = f"{story}; new guests come, and the three are greeted by {pids}"
            require(len(set(pids)) == 3 and not dead & set(pids), f"{story}; killed were {sorted(dead)}.", hint=1)
            for guest in guests:
                one.talks(guest, b"Emma?", story)
            left = until(lambda killed=killed: not any(map(exists, killed)))
            require(left, f"{story}: the parent has not fetched {[pid for pid in killed if exists(pid)]} of "
                    f"{killed}: a zombie is left.", hint=2)
            expect(one.forks(), forks, f"{story}; how often the parent has forked, the first three included", hint=1)
        one.sound("Three workers, of which several were killed")


@check("a worker never comes back out of serve", needs=replaces_the_dead, timeout=90)
def no_worker_comes_back(answer: Answer) -> None:
    """Guests reset their connection: in a talk, and before they are greeted. The next guest shows what came of it."""
    with server(answer, 1) as one:
        story = "One worker, and a guest resets the connection in the middle of the talk"
        for _ in range(2):
            rude = one.guest(story)
            one.talks(rude, b"Emma?", story)
            rude.reset()
            one.guest(f"{story}; the next guest comes").socket.close()
        story = "One worker, and guests reset the connection before they are greeted"
        for _ in range(3):
            Guest(one.port).reset()
        one.guest(f"{story}; the next guest comes").socket.close()
        story = "One worker that talks, and a guest who waits, says b'hi' and goes before the worker is free"
        first = one.guest(story)
        with socket.create_connection(("127.0.0.1", one.port)) as impatient:
            impatient.sendall(b"hi")
        one.leaves(first, story)
        last = one.guest(f"{story}; the next guest comes")
        one.talks(last, b"Dune?", story)
        one.sound(story)


@check("SIGTERM to the parent ends all workers, and serve returns", needs=replaces_the_dead, points=2, timeout=120)
def ends_all(answer: Answer) -> None:
    """The workers wait; they talk; some of them are replacements."""
    with server(answer, 3) as one:
        guests = [one.guest("Three workers") for _ in range(3)]
        for guest in guests:
            one.leaves(guest, "Three workers")
        finished(one, [guest.pid for guest in guests], "Three workers wait for guests")
    with server(answer, 2) as one:
        first, second = (one.guest("Two workers") for _ in range(2))
        one.kill([first])
        third = one.guest("Two workers, one of them is killed, and a new guest comes")
        story = "Two workers, one of which has replaced a dead one, talk with guests"
        finished(one, [second.pid, third.pid], story)
        for guest in (second, third):
            expect(guest.rest(), b"", f"{story}; SIGTERM is sent to the parent; what the guest still receives", hint=3)
    with server(answer, 2, slow=True) as one:
        until(lambda: len(one.notes("born")) >= 2)
        finished(one, [], "Two workers have been forked, and take half a second to begin")


def finished(one: Server, pids: list[int], story: str) -> None:
    """Send SIGTERM to the parent; require that it ends all, gently, and starts nobody."""
    forks = one.forks()
    one.ends(story)
    alive = [pid for pid in pids if exists(pid)]
    require(not alive, f"{story}; SIGTERM is sent to the parent; serve has returned, and the workers {alive} are still "
            "there.", hint=3)
    expect(one.forks() - forks, 0, f"{story}; SIGTERM is sent to the parent; how many workers are forked after it",
           hint=3)
    sent = one.notes("sent")
    harsh = [pid for pid in pids if [pid, signal.SIGKILL] in sent and [pid, signal.SIGTERM] not in sent]
    require(not harsh, f"{story}; SIGTERM is sent to the parent: it sends SIGKILL to {harsh}, and has not sent SIGTERM "
            "before.", hint=3)


class Caller:
    """The program that calls `serve`, in the Python that was started for it."""

    def __init__(self, notes: str) -> None:
        self.pid, self.notes = os.getpid(), notes

    def note(self, key: str, value: Any) -> None:
        """Write one line, which no other process can tear apart."""
        file = os.open(self.notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(file, f"{json.dumps([key, value])}\n".encode())
        os.close(file)

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note who forks, and who sends which signal."""
        if event == "os.fork":
            self.note("fork", os.getpid())
        elif event == "os.killpg":
            self.note("group", [*map(int, arguments)])
        elif event == "os.kill":
            self.note("sent", [*map(int, arguments)])

    def play(self, path: str, listening: socket.socket, count: int) -> None:
        """Call `serve` of the answer at `path`."""
        from course.check.answer import load
        from course.check.explain import of_answer

        serve = load(Path(path)).serve  # type: ignore[union-attr]
        sys.addaudithook(self.hear)
        try:
            serve(listening, count)
        except BaseException as error:
            self.only_i(f"it raises {type(error).__name__}")
            failure = of_answer(error, Path(path))
            said = f"serve does not return, but raises {type(error).__name__}"
            self.note("raised", failure.message if failure and isinstance(error, Exception) else said)
            os._exit(1)
        self.only_i("it returns")
        if listening.fileno() == -1:
            self.note("closed", "the listening socket")
        self.note("returned", child_left())
        os._exit(0)

    def begins_late(self) -> None:
        """Hold up a new worker, which has forgotten by now what came while it was made."""
        self.note("born", os.getpid())
        time.sleep(0.5)

    def only_i(self, story: str) -> None:
        """End a process that is a copy of this one."""
        if os.getpid() != self.pid:
            self.note("copy", story)
            os._exit(0)


def child_left() -> str:
    """Say what child there is."""
    try:
        pid, _ = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return "no child is left"
    return "a zombie: a worker that nobody has fetched" if pid else "a worker that still runs"


if __name__ == "__main__":
    faulthandler.register(signal.SIGUSR1)
    caller = Caller(sys.argv[3])
    if "slow" in sys.argv:
        os.register_at_fork(after_in_child=caller.begins_late)
    caller.play(sys.argv[1], socket.socket(fileno=int(sys.argv[2])), int(sys.argv[4]))
