"""`work` runs in a Python that is started for it; the check is the desk at the other end of the line.

`python checks.py ANSWER LINE NOTES SCENE` is that Python. Its `shelve` sends SIGTERM to its own process where the scene
says so: so the signal comes in the middle of a book on every machine, however busy. It notes what it does, a line each.
"""

import contextlib
import faulthandler
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

import psutil

from course.check import Answer, Failure, check, expect, require

PATIENCE = 9.0  # seconds until a worker counts as stuck; a right one needs a part of a second
LATEST = 3.5  # seconds after SIGTERM; the task says one, and the machine may be busy
BUSY = 0.1  # seconds of CPU in a second of waiting
NO_SIGNALS = "This exercise needs signals, which Windows does not have: do it on Linux, on macOS, or in WSL."
CART = ["Emma", "Walden", "Ulysses", "Dune"]


class Worker:
    """The process in which `work` runs, and the desk's end of its line."""

    def __init__(self, desk: Connection, process: "subprocess.Popen[bytes]", folder: Path, path: str) -> None:
        self.desk, self.process, self.folder, self.path = desk, process, folder, path

    def notes(self, *keys: str) -> list[str]:
        """Return what the worker has noted under these keys."""
        file = self.folder / "notes"
        lines = file.read_text().splitlines() if file.exists() else []
        return [value for key, value in map(json.loads, lines) if key in keys]

    def send(self, cart: list[str]) -> None:
        """Send a cart; a worker that has ended takes none, and its answer is missing."""
        with contextlib.suppress(ConnectionError):
            self.desk.send(cart)

    def answer(self, story: str) -> Any:
        """Return the next list that is sent back; text when there is none."""
        with contextlib.suppress(EOFError, ConnectionError):
            until(self.desk.poll)
            if self.desk.poll():
                return self.desk.recv()
            raise Failure(f"{story}: no list of what is left is sent back{self.where()}.", hint=2)
        until(lambda: self.process.poll() is not None)
        self.raised(story)
        return f"nothing: the process has ended with exit code {self.process.returncode}"

    def answers_left(self) -> list[Any]:
        """Return all lists that are still in the line of a worker that has ended."""
        found = []
        with contextlib.suppress(EOFError, ConnectionError):
            while self.desk.poll():
                found.append(self.desk.recv())
        return found

    def end(self, story: str, code: int = 0, hint: int = 2) -> None:
        """Require that the process ends, and how."""
        ended = until(lambda: self.process.poll() is not None)
        if not ended:
            place = self.where()
            require(False, f"{story}: the process does not end{place}.", hint=hint)
        self.raised(story)
        how = "work has returned" if self.notes("returned") else "work has not returned"
        expect(self.process.returncode, code, f"{story}; {how}; the exit code of the process", hint=hint)
        require(code != 0 or bool(self.notes("returned")), f"{story}: the process has ended, but work has not "
                "returned: what its caller does at the end is never done.", hint=hint)

    def is_over(self) -> bool:
        """Tell whether `work` has come to an end, or the process."""
        return bool(self.notes("returned", "raised")) or self.process.poll() is not None

    def raised(self, story: str) -> None:
        """Fail with an exception that came out of `work`."""
        for value in self.notes("raised"):
            raise Failure(f"{story}: {value}", hint=2)

    def cpu_while_waiting(self) -> float:
        """Return the seconds of CPU that the process needs in a second, or until it has needed too much."""
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(self.process.pid)
            before = sum(process.cpu_times()[:2])
            until(lambda: self.process.poll() is not None or sum(process.cpu_times()[:2]) - before > BUSY, 1.0)
            return float(sum(process.cpu_times()[:2]) - before)
        return 0.0

    def where(self) -> str:
        """Let the process write where it stands; return it as a part of a sentence."""
        self.process.send_signal(signal.SIGUSR1)
        dump = self.folder / "errors"
        until(lambda: self.path in dump.read_text(), 1.0)
        for line in dump.read_text().splitlines():
            if f'"{self.path}"' in line:
                number = int(line.partition(", line ")[2].split()[0].rstrip(","))
                text = Path(self.path).read_text().splitlines()[number - 1].strip()
                return f" (it stands in line {number}: `{text}`)"
        return ""


@contextmanager
def worker(answer: Answer, **scene: Any) -> Iterator[Worker]:
    """Start a worker; end it at the end, in whatever state it is. `scene` says when it sends itself SIGTERM."""
    require(hasattr(signal, "SIGUSR1"), NO_SIGNALS)
    path = answer.work.__code__.co_filename
    desk, line = Pipe()
    with tempfile.TemporaryDirectory() as name, desk, Path(name, "errors").open("wb") as errors:
        arguments = [path, str(line.fileno()), str(Path(name, "notes")), json.dumps(scene)]
        process = subprocess.Popen([sys.executable, "-W", "ignore", __file__, *arguments], stdin=subprocess.DEVNULL,
                                   stdout=errors, stderr=errors, pass_fds=[line.fileno()], start_new_session=True)
        line.close()
        try:
            yield Worker(desk, process, Path(name), path)
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def until(holds: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Wait until `holds()`; tell whether it does."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def steps(titles: list[str]) -> list[str]:
    """Return what `shelve` notes of these titles."""
    return [f"{step} {title}" for title in titles for step in ("begins", "has shelved")]


@check("it shelves cart after cart, and sends back an empty list for each", timeout=60)
def shelves_cart_after_cart(answer: Answer) -> None:
    """No signal comes; the desk closes its end, once between two carts and once before any."""
    carts = [CART, ["Momo"], [], ["Emma", "Emma"]]
    with worker(answer) as one:
        for number, cart in enumerate(carts):
            story = f"The desk has sent {carts[:number + 1]!r}, one cart after the other"
            one.send(cart)
            expect(one.answer(story), [], f"{story}; what is sent back for the last one", hint=1)
        expect(one.notes("shelve"), steps([title for cart in carts for title in cart]),
               f"The desk has sent {carts!r}; what `shelve` has done", hint=1)
        one.desk.close()
        one.end("The desk has closed its end of the line", hint=1)
    with worker(answer) as one:
        one.desk.close()
        one.end("The desk closes its end of the line before it has sent a cart", hint=1)


@check("the book in hand is shelved to its end, and what is left is sent back", needs=shelves_cart_after_cart,
       points=2, timeout=75)
def finishes_the_book_in_hand(answer: Answer) -> None:
    """The signal comes in the middle of the second book, of the first, of the last, and before one that comes twice."""
    for cart, title in ((CART, "Walden"), (CART, "Emma"), (CART, "Dune"), (["Emma", "Walden", "Emma"], "Walden")):
        story = f"The cart is {cart!r}, and SIGTERM comes while {title} is being shelved"
        at = cart.index(title) + 1
        with worker(answer, at=title) as one:
            one.send(cart)
            left = one.answer(story)
            expect(one.notes("shelve"), steps(cart[:at]), f"{story}; what `shelve` has done", hint=2)
            expect(left, cart[at:], f"{story}; what is sent back", hint=2)
            one.end(story)


@check("after SIGTERM no other cart is taken", needs=finishes_the_book_in_hand, timeout=30)
def takes_no_other_cart(answer: Answer) -> None:
    """A second cart lies in the pipe already."""
    story = f"Two carts are in the pipe, {CART[:2]!r} and ['Momo'], and SIGTERM comes while "
    for title, left in (("Emma", ["Walden"]), ("Walden", [])):
        with worker(answer, at=title) as one:
            for cart in (CART[:2], ["Momo"]):
                one.send(cart)
            expect(one.answer(story + title), left, f"{story}{title} is being shelved; what is sent back", hint=2)
            one.end(f"{story}{title} is being shelved")
            require("begins Momo" not in one.notes("shelve"), f"{story}{title} is being shelved: Momo is shelved, too.",
                    hint=2)
            expect((len(one.notes("received")), one.answers_left()), (1, []), f"{story}{title} is being shelved; how "
                   "many carts are taken out of the pipe, and what is sent back after the first answer", hint=2)


@check("while it waits for a cart, SIGTERM ends it", needs=finishes_the_book_in_hand, timeout=45)
def ends_while_it_waits(answer: Answer) -> None:
    """The signal is sent when the worker has begun to wait: before the first cart, and after one."""
    for carts in ([], [CART[:2]]):
        story = f"{'A cart is shelved' if carts else 'No cart has come'}, the worker waits, and SIGTERM comes"
        with worker(answer) as one:
            for cart in carts:
                one.send(cart)
                one.answer(story)
            before = len(one.notes("waits", "received"))
            until(lambda one=one, before=before: len(one.notes("waits")) > before, 3.0)
            used = one.cpu_while_waiting()
            require(used < BUSY, f"{'A cart is shelved' if carts else 'No cart has come'}, and the worker waits: in a "
                    f"second it needs {used:.2f} s of CPU. Let it sleep until there is "
                    "something, or for a moment", hint=2)
            one.process.send_signal(signal.SIGTERM)
            if not until(one.is_over, LATEST):
                raise Failure(f"{story}: {LATEST:g} seconds later work has not returned{one.where()}.", hint=2)
            one.end(story)
            expect(one.answers_left(), [], f"{story}; what is sent back, although there is no cart", hint=2)


@check("a cart that comes together with SIGTERM is sent back", needs=ends_while_it_waits, timeout=30)
def loses_no_cart(answer: Answer) -> None:
    """The signal comes when `recv` has taken the cart out of the pipe and has not returned."""
    story = f"The cart {CART!r} comes, and SIGTERM comes when `recv` has taken it out of the pipe, before it returns"
    with worker(answer, in_recv=True) as one:
        one.send(CART)
        left = one.answer(story)
        expect(left, CART, f"{story}; what is sent back", hint=2)
        expect(one.notes("shelve"), [], f"{story}; what `shelve` has done", hint=2)
        one.end(story)


@check("a second SIGTERM ends the process at once", needs=finishes_the_book_in_hand, timeout=30)
def ends_at_the_second_signal(answer: Answer) -> None:
    """Both come in the middle of the same book, which is the second or the last."""
    for title in ("Walden", "Dune"):
        story = f"The cart is {CART!r}, and SIGTERM comes twice while {title} is being shelved"
        with worker(answer, at=title, times=2) as one:
            one.send(CART)
            one.end(story, code=-signal.SIGTERM, hint=3)
            done = [*steps(CART[:CART.index(title)]), f"begins {title}"]
            expect(one.notes("shelve"), done, f"{story}; what `shelve` has done", hint=3)


class Process:
    """The program around `work`, in the Python that was started for it."""

    def __init__(self, notes: str, at: str = "", times: int = 1, in_recv: bool = False) -> None:
        self.notes, self.at, self.times, self.in_recv = notes, at, times, in_recv

    def note(self, key: str, value: str = "") -> None:
        """Write one line, whole."""
        file = os.open(self.notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(file, f"{json.dumps([key, value])}\n".encode())
        os.close(file)

    def shelve(self, title: str) -> None:
        """Shelve one book, which takes a moment; the signal comes in its middle."""
        self.note("shelve", f"begins {title}")
        if title == self.at:
            for _ in range(self.times):
                sends_itself_sigterm()
        time.sleep(0.01)
        self.note("shelve", f"has shelved {title}")

    def play(self, path: str, line: int) -> None:
        """Call `work` of the answer at `path`."""
        from course.check.answer import load
        from course.check.explain import of_answer

        process = self

        class Line(Connection):
            """The worker's end: notes when somebody waits at it, and what is taken out."""

            def poll(self, timeout: float | None = 0.0) -> bool:
                process.note("waits")
                return super().poll(timeout)

            def recv(self) -> Any:
                process.note("waits")
                cart = super().recv()
                process.note("received")
                if process.in_recv:
                    sends_itself_sigterm()
                return cart

        work = load(Path(path)).work  # type: ignore[union-attr]
        try:
            work(Line(line), self.shelve)
        except BaseException as error:
            failure = of_answer(error, Path(path))
            said = f"work does not return, but raises {type(error).__name__}"
            if isinstance(error, EOFError):
                said += ". The desk has closed its end of the line: then `work` returns"
            elif failure and isinstance(error, Exception):
                said = failure.message
            self.note("raised", said)
            raise
        self.note("returned")


def sends_itself_sigterm() -> None:
    """Send SIGTERM to this process, and take some steps: a handler has run before the last of them."""
    os.kill(os.getpid(), signal.SIGTERM)
    for _ in range(1000):
        os.getpid()


if __name__ == "__main__":
    faulthandler.register(signal.SIGUSR1)
    Process(sys.argv[3], **json.loads(sys.argv[4])).play(sys.argv[1], int(sys.argv[2]))
