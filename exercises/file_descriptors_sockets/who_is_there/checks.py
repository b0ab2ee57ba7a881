"""Doors of many kinds; then `serve` in a thread, with guests from this and another process."""

import os
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from course.check import Answer, Failure, check, expect, require

PATIENCE = 6.0  # seconds until something that has to happen counts as missing
NOT_LINUX = "This exercise asks the system by SO_PEERCRED, which Linux has: do it on Linux, in WSL or in a container."
GUEST = """import os, socket, sys
with socket.socket(socket.AF_UNIX) as guest:
    guest.connect(sys.argv[1])
    guest.sendall(b"pid" + bytes([10]))
    print(os.getpid(), guest.recv(100).decode().strip())
"""


@contextmanager
def folder() -> Iterator[str]:
    """Return a path for a door, in a folder of its own."""
    require(sys.platform == "linux", NOT_LINUX)
    with tempfile.TemporaryDirectory() as name:
        yield str(Path(name, "shelf.sock"))


def opened(answer: Answer, path: str, story: str) -> socket.socket:
    """Return the door, which must be one."""
    try:
        door = answer.open_door(path)
    except Exception as error:
        raise Failure(f"{story}: open_door raises {type(error).__name__}: {error}", hint=2) from error
    if not isinstance(door, socket.socket):
        raise Failure(f"{story}: open_door returns {door!r}, not a socket", hint=1)
    return door


def knock(path: str) -> bool:
    """Tell whether somebody listens."""
    with socket.socket(socket.AF_UNIX) as guest:
        guest.settimeout(PATIENCE)
        with suppress(OSError):
            guest.connect(path)
            return True
    return False


def numbers() -> set[int]:
    """Return the descriptors that are open."""
    found = set()
    for number in range(256):
        with suppress(OSError):
            os.fstat(number)
            found.add(number)
    return found


@check("a door is opened, for its owner alone")
def opens_a_door(answer: Answer) -> None:
    """Under three masks."""
    for mask in (0o000, 0o022, 0o777):
        with folder() as path:
            before = os.umask(mask)
            try:
                story = f"Nothing is at the path, and the umask is {mask:03o}"
                with modes_at_listen(path) as modes, opened(answer, path, story):
                    expect(knock(path), True, f"{story}; whether one can connect", hint=1)
                    expect(modes, ["0o600"], f"{story}; the mode of the file at the moment of `listen`", hint=2)
                    expect(oct(stat.S_IMODE(os.lstat(path).st_mode)), "0o600", f"{story}; the mode of the file", hint=2)
                after = os.umask(mask)
                expect(oct(after), oct(mask), f"{story}; the umask afterwards", hint=2)
            finally:
                os.umask(before)


@contextmanager
def modes_at_listen(path: str) -> Iterator[list[str]]:
    """Note the mode of the file at each `listen`."""
    seen: list[str] = []

    def listen(door: socket.socket, *backlog: int) -> None:
        with suppress(OSError):
            seen.append(oct(stat.S_IMODE(os.lstat(path).st_mode)))
        super(socket.socket, door).listen(*backlog)
    socket.socket.listen = listen
    try:
        yield seen
    finally:
        del socket.socket.listen


@check("a dead server's door is replaced, and nothing else", needs=opens_a_door, points=2)
def replaces_the_dead(answer: Answer) -> None:
    """A left-over socket; a living server; a file; a folder; a link to a left-over socket."""
    with folder() as path:
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(path)
        story = "A socket file is there, and nobody listens"
        with opened(answer, path, story):
            expect(knock(path), True, f"{story}; whether one can connect then", hint=1)
            expect(oct(stat.S_IMODE(os.lstat(path).st_mode)), "0o600", f"{story}; the mode of the file", hint=2)
    with folder() as path, socket.create_server(path, family=socket.AF_UNIX) as alive:
        before = os.lstat(path).st_ino, numbers()
        refused(answer, path, "A server listens at the path")
        expect(os.path.exists(path) and os.lstat(path).st_ino == before[0], True, "A server listens at the path, and "
               "open_door raises; whether its file is the same as before", hint=2)
        expect(knock(path), True, "A server listens at the path; whether one can still connect to it", hint=2)
        expect(sorted(numbers() - before[1]), [], "A server listens at the path; descriptors that open_door leaves "
               "open", hint=2)
        alive.close()
    for what, make in (("A file", lambda path: Path(path).write_text("the catalogue")),
                       ("A folder", lambda path: Path(path).mkdir())):
        with folder() as path:
            make(path)
            before_that = numbers()
            refused(answer, path, f"{what} is at the path")
            kept = Path(path).is_dir() or (Path(path).is_file() and Path(path).read_text() == "the catalogue")
            expect(kept, True, f"{what} is at the path; whether it is still there", hint=2)
            expect(sorted(numbers() - before_that), [], f"{what} is at the path; descriptors that open_door leaves "
                   "open", hint=2)


def refused(answer: Answer, path: str, story: str) -> None:
    """Require OSError."""
    try:
        door = answer.open_door(path)
    except OSError:
        return
    except Exception as error:
        raise Failure(f"{story}: open_door raises {type(error).__name__}, not OSError", hint=2) from error
    with suppress(AttributeError):
        door.close()
    raise Failure(f"{story}: open_door raises nothing; it should raise OSError", hint=2)


@check("`peer` tells pid and uid of the other end", needs=opens_a_door)
def tells_the_peer(answer: Answer) -> None:
    """A pair within this process, and a child."""
    with folder(), socket.socketpair()[0] as one:
        expect(answer.peer(one), (os.getpid(), os.getuid()), "peer of a socket pair within one process", hint=2)
    with folder() as path, opened(answer, path, "Nothing is at the path") as door:
        door.settimeout(PATIENCE)
        child = subprocess.Popen([sys.executable, "-c", GUEST, path], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        try:
            connection, _ = door.accept()
            with connection:
                expect(answer.peer(connection), (child.pid, os.getuid()), "peer of a connection from a child", hint=2)
        finally:
            child.kill()
            child.wait()


class Served:
    """`serve` in a thread, behind a door that the check has opened."""

    def __init__(self, answer: Answer, path: str, members: dict[int, str], story: str) -> None:
        self.path, self.story, self.error = path, story, None
        self.door = socket.create_server(path, family=socket.AF_UNIX)
        self.thread = threading.Thread(target=self.go, args=(answer.serve, members), daemon=True)
        self.thread.start()

    def go(self, serve: Callable[..., Any], members: dict[int, str]) -> None:
        """Call it."""
        try:
            serve(self.door, members)
        except BaseException as error:
            self.error = error

    def ask(self, *pieces: bytes, ends: bool = False) -> bytes:
        """Send pieces, and return all that comes until the server closes."""
        with socket.socket(socket.AF_UNIX) as guest:
            guest.settimeout(PATIENCE)
            guest.connect(self.path)
            told = f"{self.story}: a guest sends {pieces!r}"
            got = b""
            try:
                for number, piece in enumerate(pieces):
                    if number:
                        threading.Event().wait(0.05)  # the server has the piece before
                    guest.sendall(piece)
                if ends:
                    guest.shutdown(socket.SHUT_WR)
                while data := guest.recv(1000):
                    got += data
            except TimeoutError:
                raise Failure(f"{told}, has got {got!r}, and {PATIENCE:g} seconds later the connection is open"
                              f"{self.raised()}", hint=3) from None
            except ConnectionError:
                pass
            return got

    @contextmanager
    def held_up(self) -> Iterator[None]:
        """Keep the server waiting for a guest who says nothing yet: whoever comes meanwhile is served afterwards."""
        with socket.socket(socket.AF_UNIX) as guest:
            guest.settimeout(PATIENCE)
            guest.connect(self.path)
            yield
            with suppress(OSError):
                guest.sendall(b"who\n")
                guest.recv(100)

    def goes(self, said: bytes) -> None:
        """Say something, and go without waiting for the answer."""
        with socket.socket(socket.AF_UNIX) as guest:
            guest.connect(self.path)
            guest.sendall(said)

    def raised(self) -> str:
        """Say what has come out of `serve`."""
        return f". serve has raised {type(self.error).__name__}: {self.error}" if self.error else ""

    def answers(self, want: bytes, *pieces: bytes, ends: bool = False) -> None:
        """Require an answer."""
        got = self.ask(*pieces, ends=ends)
        expect(got, want, f"{self.story}: a guest sends {shown(pieces)}{' and ends' if ends else ''}; what comes until "
               f"the connection is closed{self.raised()}", hint=3)

    def stopped(self, want: bool) -> None:
        """Require that `serve` has returned, or not."""
        self.thread.join(PATIENCE if want else 0.3)
        require(self.error is None, f"{self.story}{self.raised()}", hint=3)
        expect(not self.thread.is_alive(), want, f"{self.story}; whether serve has returned", hint=3)


def shown(pieces: tuple[bytes, ...]) -> str:
    """Return what a guest sends, long pieces by their length."""
    def one(piece: bytes) -> str:
        end = b"\n" if piece.endswith(b"\n") else b""
        return repr(piece) if len(piece) < 20 else f"{len(piece) - len(end)} bytes{' and a line end' if end else ''}"
    return ", then ".join(one(piece) for piece in pieces) or "nothing"


@contextmanager
def served(answer: Answer, members: dict[int, str], story: str) -> Iterator[Served]:
    """Serve; at the end, let a member end it, or leave the thread to itself."""
    with folder() as path:
        one = Served(answer, path, members, story)
        try:
            yield one
        finally:
            with suppress(OSError):
                one.door.shutdown(socket.SHUT_RDWR)  # who still accepts gets an OSError
            one.thread.join(1.0)
            one.door.close()


@check("`serve` answers by who asks", needs=tells_the_peer, points=2, timeout=60)
def answers(answer: Answer) -> None:
    """A member, a stranger; who, pid, something else; a guest from another process."""
    me = os.getuid()
    with served(answer, {me: "Ada", me + 1: "Grace"}, "The guest is a member") as one:
        for line, want in ((b"who\n", b"Ada\n"), (b"pid\n", b"%d\n" % os.getpid()), (b"which\n", b"what?\n"),
                           (b"\n", b"what?\n"), (b"who \n", b"what?\n"), (b"who\n", b"Ada\n")):
            one.answers(want, line)
        one.stopped(False)
        end = subprocess.run([sys.executable, "-c", GUEST, one.path], capture_output=True, text=True, timeout=60)
        own, told = (end.stdout.split() + ["nothing"] * 2)[:2]
        expect(told, own, "A guest from another process asks for its pid; the answer", hint=3)
        one.answers(b"bye\n", b"stop\n")
        one.stopped(True)
        require(one.door.fileno() != -1, "serve has closed the door, which belongs to its caller", hint=3)
    with served(answer, {me + 1: "Grace"}, "The guest is a stranger") as one:
        one.answers(b"stranger\n", b"who\n")
        one.answers(b"no\n", b"stop\n")
        one.stopped(False)
        one.answers(b"stranger\n", b"who\n")


@check("lines come in pieces, and are not longer than 100 bytes", needs=answers, timeout=60)
def reads_lines(answer: Answer) -> None:
    """Byte by byte; 100 bytes and 101; without an end."""
    with served(answer, {os.getuid(): "Ada"}, "The guest is a member") as one:
        one.answers(b"Ada\n", b"w", b"h", b"o", b"\n")
        one.answers(b"Ada\n", b"who", b"\n")
        one.answers(b"what?\n", b"x" * 100 + b"\n")
        one.answers(b"", b"x" * 101)
        one.answers(b"", b"x" * 60, b"x" * 60)
        one.answers(b"", b"who", ends=True)
        one.answers(b"", ends=True)
        one.answers(b"bye\n", b"st", b"op\n")
        one.stopped(True)


@check("nobody who goes disturbs it", needs=answers, timeout=60)
def survives_guests(answer: Answer) -> None:
    """Guests who go at once, in the middle, before the answer; many; and one who says stop and goes."""
    with served(answer, {os.getuid(): "Ada"}, "Guests come and go without waiting") as one:
        with one.held_up():
            for said in (b"", b"wh", b"who\n", b"x" * 500, b"pid\n"):
                one.goes(said)
        one.stopped(False)
        one.answers(b"Ada\n", b"who\n")
        before = numbers()
        for _ in range(20):
            one.answers(b"Ada\n", b"who\n")
        expect(len(numbers() - before), 0, "Twenty guests have been answered; descriptors that are open, and were not "
               "before", hint=3)
        one.story = "A member says stop, and goes before it is served"
        with one.held_up():
            one.goes(b"stop\n")
        one.stopped(True)
