"""`course watch` in a real pseudo-terminal: it checks on save, answers keys, goes on when passed, ends politely."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="a pseudo-terminal is of POSIX")
RIGHT = "def add(first, second):\n    return first + second\n"
PATIENCE = 30.0


class Terminal:
    """`course watch` with somebody at the keyboard."""

    def __init__(self, root: Path) -> None:
        self.keyboard, end = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "course.cli", "watch"], cwd=root, stdin=end, stdout=end, stderr=end,
            start_new_session=True,
            env={**os.environ, "COLUMNS": "100", "TERM": "xterm", "PYTHONPATH": str(Path(__file__).parents[2])})
        os.close(end)
        os.set_blocking(self.keyboard, False)
        self.said = ""

    def see(self, words: str) -> None:
        """Wait until the words have appeared, and forget all up to them."""
        deadline = time.monotonic() + PATIENCE
        while words not in self.said:
            assert time.monotonic() < deadline, f"{words!r} did not appear in:\n{self.said}"
            try:
                text = os.read(self.keyboard, 65536).decode(errors="replace")
                self.said += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
            except BlockingIOError:
                time.sleep(0.02)
            except OSError:  # the other end is closed
                assert words in self.said, f"it ended without {words!r}:\n{self.said}"
        self.said = self.said.partition(words)[2]

    def type(self, text: str) -> None:
        os.write(self.keyboard, text.encode())


@pytest.fixture
def terminal(course: Path) -> Iterator[Terminal]:
    watching = Terminal(course)
    yield watching
    if watching.process.poll() is None:
        watching.process.kill()
    watching.process.wait()
    os.close(watching.keyboard)


def test_it_checks_on_save_and_goes_on(course: Path, terminal: Terminal) -> None:
    path = course / "work/numbers/sum_up.py"
    terminal.see("The title of sum_up")
    terminal.see("0 of 2 checks pass.")
    terminal.type("h\n")
    terminal.see("Hint 1 of 2")
    path.write_text("def add(a, b)\n", encoding="utf-8")
    terminal.see("SyntaxError in line 1")
    replaced = path.with_suffix(".new")  # as editors do that save by renaming
    replaced.write_text(RIGHT, encoding="utf-8")
    os.replace(replaced, path)
    terminal.see("Passed: The title of sum_up")
    terminal.see("The title of add")
    terminal.see("Hint 1 helps here: type 1, then Enter")
    terminal.see("Passed: The title of sum_up")  # again, where it is seen
    terminal.see("This is the next one: The title of add.")
    terminal.type("2\n")
    terminal.see("Hint 2 of 2")
    terminal.type("n\n")
    terminal.see("The rest was skipped")
    assert terminal.process.wait(PATIENCE) == 0


@pytest.mark.parametrize("how", ["key", "end of input", "signal"])
def test_it_ends_politely(terminal: Terminal, how: str) -> None:
    terminal.see("checks pass.")
    if how != "signal":
        terminal.type({"key": "q\n", "end of input": "\x04"}[how])
    else:
        terminal.process.send_signal(signal.SIGINT)
    terminal.see("Your files stay in work/.")
    assert terminal.process.wait(PATIENCE) == 0


def test_ctrl_c_in_the_middle_of_a_check_leaves_nothing_running(course: Path, terminal: Terminal) -> None:
    terminal.see("checks pass.")
    mark = course / "pid"
    (course / "work/numbers/sum_up.py").write_text(
        f"import os\ndef add(a, b):\n    open({str(mark)!r}, 'w').write(str(os.getpid()))\n    while True: pass\n",
        encoding="utf-8")
    deadline = time.monotonic() + PATIENCE
    while not mark.exists() or not mark.read_text(encoding="utf-8"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.process.wait(PATIENCE) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text(encoding="utf-8")), 0)


def test_a_deleted_file_is_made_anew(course: Path, terminal: Terminal) -> None:
    terminal.see("checks pass.")
    path = course / "work/numbers/sum_up.py"
    path.unlink()
    terminal.see("sum_up.py is gone: it begins anew from the starter.")
    terminal.see("checks pass.")
    assert "TODO" in path.read_text(encoding="utf-8")
