"""`run` is called in a Python of its own, which tells what came back, what was left, and how often it came back."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.check import Answer, Failure, check, expect, require

PATIENCE = 12.0  # seconds for a few short programs; nobody who is right takes one of them
BUSY = 60.0
DRIVER = """
import json, os, runpy, sys
path, report, calls = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
forks, first = [], os.getpid()
def counted(fork=os.fork):
    pid = fork()
    forks.append(pid)
    return pid
os.fork = counted
def absent(*given, **named):
    raise RuntimeError("not available here: build it from fork and exec")
for name in ("system", "popen", "posix_spawn", "posix_spawnp", "spawnv", "spawnvp", "spawnl", "spawnlp"):
    if hasattr(os, name):
        setattr(os, name, absent)
sys.modules["subprocess"] = sys.modules["multiprocessing"] = None
run = runpy.run_path(path)["run"]
os.listdir("/dev/fd")
before = sorted(os.listdir("/dev/fd"))
said = []
for command in calls:
    try:
        got = run(*command)
        if isinstance(got, tuple) and len(got) == 2 and isinstance(got[1], bytes):
            said.append(["returned", got[0], got[1].decode("latin-1")])
        else:
            said.append(["gave", repr(got)[:200]])
    except BaseException as error:
        said.append(["raised", type(error).__name__ + ": " + str(error)])
after = sorted(os.listdir("/dev/fd"))
try:
    child = os.waitpid(-1, os.WNOHANG)[0]
    left = "a zombie" if child else "a running program"
except ChildProcessError:
    left = ""
with open(report, "a") as file:
    file.write(json.dumps([os.getpid() == first, said, len(after) - len(before), left, len(forks)]) + "\\n")
"""
WRITES = "import sys; sys.stdout.write({!r})"


@dataclass(frozen=True)
class Story:
    """What came of some calls of `run` in one program."""

    tried: str
    said: list[list[Any]]
    files: int  # that are open after the calls and were not before
    left: str  # a child that nobody has waited for
    forks: int
    copies: int  # of the program that came back from `run`
    leaked: str  # what appeared on the program's own standard output


def told(command: list[str]) -> str:
    """Write a call as a learner would."""
    shown = ["sys.executable" if word == sys.executable else repr(word) for word in command]
    return f"run({', '.join(shown)})"


def play(answer: Answer, *commands: list[str], hint: int) -> Story:
    """Call `run` with each of the commands, in a new Python, and collect what it tells."""
    times = f", {len(commands)} times" if len(commands) > 1 else ""
    tried = f"{told(commands[0])}{times}"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report"
        program = [sys.executable, "-c", DRIVER, answer.run.__code__.co_filename, str(report), json.dumps(commands)]
        try:
            end = subprocess.run(program, capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            raise Failure(f"{tried}: {PATIENCE:g} seconds later it has not returned. Who waits for whom?",
                          hint=hint) from None
        lines = [json.loads(line) for line in report.read_text().splitlines()] if report.exists() else []
    mine = [line for line in lines if line[0]]
    require(bool(mine), f"{tried}: the program that called it ended with {end.returncode} before `run` "
            f"returned. {end.stderr[-300:]}", hint=hint)
    _, said, files, left, forks = mine[0]
    return Story(tried, said, files, left, forks, len(lines), end.stdout)


def one(answer: Answer, *command: str, hint: int) -> tuple[Story, Any, Any]:
    """Call `run` once; return the story, the exit code and the output."""
    story = play(answer, list(command), hint=hint)
    how, *what = story.said[0]
    require(how != "raised", f"{story.tried}: it raises {what[0]}", hint=hint)
    require(how == "returned", f"{story.tried}: it returns {what[0]}, not a tuple of a number and bytes", hint=hint)
    return story, what[0], what[1].encode("latin-1")


@check("a program is started by fork, and its output comes back", timeout=BUSY)
def brings_the_output(answer: Answer) -> None:
    """A Python prints; its standard output is ours, and nobody else's."""
    story, code, output = one(answer, sys.executable, "-c", "print('Shelf opens')", hint=1)
    expect(story.forks, 1, f"{story.tried}: how often `os.fork` was called", hint=1)
    expect(story.leaked, "", f"{story.tried}: what appeared on your own standard output", hint=2)
    expect((code, output), (0, b"Shelf opens\n"), f"{story.tried}: it returns", hint=2)


@check("the exit code comes back", needs=brings_the_output, timeout=BUSY)
def tells_the_exit_code(answer: Answer) -> None:
    """7, after some output, and 1 of an exception."""
    for program, want in (("print('x'); raise SystemExit(7)", (7, b"x\n")), ("raise SystemExit(1)", (1, b""))):
        story, code, output = one(answer, sys.executable, "-c", program, hint=2)
        expect((code, output), want, f"{story.tried}: it returns", hint=2)


@check("an end by a signal is minus its number", needs=tells_the_exit_code, timeout=BUSY)
def tells_the_signal(answer: Answer) -> None:
    """SIGTERM and SIGKILL."""
    for number in (15, 9):
        program = f"import os; os.kill(os.getpid(), {number})"
        story, code, _ = one(answer, sys.executable, "-c", program, hint=2)
        expect(code, -number, f"{story.tried}: the exit code", hint=2)


@check("arguments arrive as they are", needs=brings_the_output, timeout=BUSY)
def passes_arguments(answer: Answer) -> None:
    """Spaces, stars, quotes, an empty one."""
    words = ["two words", "*", "$HOME", "it's; echo no", ""]
    story, _, output = one(answer, sys.executable, "-c", "import sys; print(sys.argv[1:])", *words, hint=3)
    expect(output.decode(), f"{words}\n", f"{story.tried}: the program got the arguments", hint=3)
    story, _, output = one(answer, "echo", "Shelf", "opens", hint=3)
    expect(output, b"Shelf opens\n", f"{story.tried}, a program on the PATH: the output", hint=3)


@check("a program that is not there is 127, and nothing runs twice", needs=brings_the_output, points=2, timeout=BUSY)
def survives_a_missing_program(answer: Answer) -> None:
    """No such name on the PATH, a file that is no program, a name with a zero byte."""
    for name in ("no-such-printer", str(Path(__file__).parent), "a\0b"):
        story, code, output = one(answer, name, hint=2)
        expect(story.copies, 1, f"{story.tried}, which cannot be started: how many processes have come back from `run` "
               "and gone on with your program", hint=2)
        expect((code, output), (127, b""), f"{story.tried}, which cannot be started: it returns", hint=2)


@check("a program may write more than a pipe holds", needs=brings_the_output, timeout=BUSY)
def takes_large_outputs(answer: Answer) -> None:
    """Two million bytes, all of which come back."""
    text = WRITES.format("book" * 7) + "; sys.stdout.write('x' * 2_000_000)"
    story, code, output = one(answer, sys.executable, "-c", text, hint=2)
    expect((code, len(output)), (0, 2_000_028), f"{story.tried}: the exit code, and the bytes that came back", hint=2)


@check("no open file and no zombie is left", needs=tells_the_exit_code, points=2, timeout=BUSY)
def leaves_nothing(answer: Answer) -> None:
    """Ten programs that print, and three that are not there."""
    for command, times in (["echo", "Dune"], 10), (["no-such-printer"], 3):
        story = play(answer, *[command] * times, hint=3)
        expect(story.files, 0, f"{story.tried}: files that are open afterwards and were not before", hint=3)
        expect(story.left, "", f"{story.tried}: afterwards there is a child that nobody has waited for", hint=3)
