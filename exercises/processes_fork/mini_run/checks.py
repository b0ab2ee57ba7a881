"""Each answer is called in a Python that is started for it, so that a copy which goes on does no harm to the checks.

`python checks.py ANSWER SCENE` is that Python. It leaves notes in a file, a line each: what mini_run returned, what
was left behind, and who wrote it.
"""

import ast
import contextlib
import faulthandler
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.check import Answer, Failure, check, expect, require

PATIENCE = 9.0  # seconds until a call counts as stuck; a right one needs a part of a second
GIVEN = b"Emma\nWalden\n"  # the caller's standard input
NO_FORK = "This exercise needs fork, which Windows does not have: do it on Linux, on macOS, or in WSL."
OTHERS = {"subprocess.Popen": "subprocess", "os.system": "os.system", "os.posix_spawn": "os.posix_spawn"}


@dataclass
class Seen:
    """What was seen of a caller: what its calls returned, what they left, and what it printed."""

    returned: list[Any] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)
    left_open: list[int] = field(default_factory=list)
    child_left: str = ""
    other: str = ""
    used: list[str] = field(default_factory=list)
    printed: str = ""
    errors: str = ""


def told(programs: list[list[str]]) -> str:
    """Say what is called."""
    return ", then ".join(f"mini_run({program!r})" for program in programs)


def call(answer: Answer, *programs: list[str], other: bool = False, interrupted: bool = False) -> Seen:
    """Call mini_run on one program after the other in a new Python, and return what was seen.

    With `other`, the caller has a child of its own that has ended with exit code 9. With `interrupted`, Ctrl-C comes to
    the child at the moment of exec.
    """
    require(hasattr(os, "fork"), NO_FORK)
    path = answer.mini_run.__code__.co_filename
    scene = json.dumps({"programs": programs, "other": other, "interrupted": interrupted})
    with tempfile.TemporaryDirectory() as folder:
        notes, printed, dump, given = (Path(folder, name) for name in ("notes", "printed", "dump", "given"))
        given.write_bytes(GIVEN)
        with given.open("rb") as source, printed.open("wb") as output, dump.open("wb") as errors:
            process = subprocess.Popen([sys.executable, "-W", "ignore", __file__, path, scene, str(notes)],
                                       stdin=source, stdout=output, stderr=errors, start_new_session=True,
                                       env={**os.environ, "PYTHONUNBUFFERED": ""})
            in_time = ended(process)
        lines = notes.read_text().splitlines() if notes.exists() else []
        seen = read_notes(lines, told(list(programs)))
        seen.printed, seen.errors = (file.read_text(errors="replace") for file in (printed, dump))
        require(bool(in_time or seen.copies), f"{told(list(programs))} has not ended after {PATIENCE:g} seconds"
                f"{where(seen.errors, path) or '.'}", hint=2)
        require(bool(seen.returned or seen.copies), f"{told(list(programs))}: the caller's program ended in there.")
    return seen


def ended(process: "subprocess.Popen[bytes]") -> bool:
    """Wait for the caller; when it takes too long, let it write where it stands. Then end all that it has started."""
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGUSR1)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.5)
        return False
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return True


def where(dump: str, path: str) -> str:
    """Return the line of the answer that is innermost in what `faulthandler` wrote, as a part of a sentence."""
    for line in dump.splitlines():
        if f'"{path}"' in line:
            number = int(line.partition(", line ")[2].split()[0])
            source = Path(path).read_text().splitlines()[number - 1].strip()
            waits = any(name in source for name in ("wait", "read"))
            return f": it stands in line {number}, `{source}`" + (
                ". Does the child wait for the parent, and the parent for the child?" if waits else ".")
    return ""


def read_notes(lines: list[str], tried: str) -> Seen:
    """Return what the notes say. An exception in the caller itself fails the check."""
    seen = Seen()
    for line in lines:
        key, value = json.loads(line)
        if key == "raised":
            raise Failure(f"{tried}: {value}")
        if key == "returned":
            with contextlib.suppress(ValueError, SyntaxError):
                value = ast.literal_eval(value)
            seen.returned.append(value)
        elif key in ("copies", "used"):
            getattr(seen, key).append(value)
        else:
            setattr(seen, key, value)
    return seen


def runs(answer: Answer, program: list[str], code: int, output: bytes, hint: int) -> None:
    """Run one program; require exit code and output."""
    seen = call(answer, program)
    no_copies(seen, told([program]))
    expect(seen.returned[0], (code, output), f"{told([program])} returned", hint=hint)


def no_copies(seen: Seen, tried: str) -> None:
    """Require that nobody but the caller has come out of mini_run."""
    require(not seen.copies, f"{tried}: a second copy of the caller goes on: {', '.join(seen.copies)}. It is the "
            "child, in which exec has not replaced the program.", hint=3)


@check("it runs the program, and returns exit code and output", timeout=60)
def returns_code_and_output(answer: Answer) -> None:
    """Arguments with blanks, empty ones, bytes that are no text, and a program that writes nothing."""
    runs(answer, ["echo", "Shelf", "opens"], 0, b"Shelf opens\n", 1)
    runs(answer, ["printf", "%s|", "The  Trial", "", "*", "$HOME"], 0, b"The  Trial||*|$HOME|", 1)
    runs(answer, ["printf", r"\377\000\n"], 0, b"\xff\0\n", 1)
    runs(answer, ["true"], 0, b"", 1)
    seen = call(answer, ["sh", "-c", "echo torn >&2; echo label"])
    expect(seen.returned[0], (0, b"label\n"), "A program that writes `label` to standard output and `torn` to standard "
           "error: mini_run returned", hint=1)
    require("torn" in seen.errors, "A program that writes `torn` to standard error: it has not come out of the "
            "standard error of the caller, to which it belongs", hint=1)
    seen = call(answer, ["cat"])
    tried = f"The caller's standard input holds {GIVEN!r}; mini_run(['cat'])"
    expect(seen.returned[0], (0, GIVEN), f"{tried} returned", hint=1)
    require(not seen.used, f"The program is started by {', '.join(seen.used)}: build it from fork and exec.", hint=1)


@check("the exit code says how the program ended", needs=returns_code_and_output, timeout=60)
def tells_how_it_ended(answer: Answer) -> None:
    """Codes from 1 to 255, and signals."""
    for command, code, output in (("echo no paper; exit 7", 7, b"no paper\n"), ("exit 255", 255, b""),
                                  ("echo found nothing; exit 127", 127, b"found nothing\n"),
                                  ("printf half; kill -KILL $$", -9, b"half"), ("kill -TERM $$", -15, b"")):
        runs(answer, ["sh", "-c", command], code, output, 2)


@check("all output is returned, however much and however late", needs=returns_code_and_output, timeout=60)
def returns_all_output(answer: Answer) -> None:
    """Far more than a pipe holds; a pause in the middle; output that is closed before the program ends."""
    seen = call(answer, ["head", "-c", "1000000", "/dev/zero"])
    no_copies(seen, "A program that writes 1,000,000 bytes")
    code, output = seen.returned[0]
    expect((code, len(output)), (0, 1_000_000), "A program that writes 1,000,000 bytes: exit code and number of bytes "
           "that mini_run returned", hint=2)
    runs(answer, ["sh", "-c", "echo one; sleep 0.3; echo two; sleep 0.3; echo three"], 0, b"one\ntwo\nthree\n", 2)
    runs(answer, ["sh", "-c", "echo all; exec >&-; sleep 0.5; exit 3"], 3, b"all\n", 2)


@check("a program that cannot be started gives 127, and no second copy of the caller",
       needs=returns_code_and_output, points=2, timeout=75)
def starts_no_second_copy(answer: Answer) -> None:
    """The caller has text in its buffer, and a `finally`: both belong to it alone."""
    plain = Path("a_plain_file")
    plain.write_text("not a program\n")
    plain.chmod(0o644)
    for program in (["no_such_printer"], [str(plain.resolve())], ["echo", "a\0b"]):
        tried = told([program])
        seen = call(answer, program)
        no_copies(seen, tried)
        expect(seen.returned[0], (127, b""), f"{tried} returned", hint=3)
        expect(seen.printed.count("printed by the caller"), 1, f"The caller had printed a text that was still in its "
               f"buffer; {tried}; how often the text has come out at the caller's end", hint=3)
    no_copies(call(answer, ["echo"], interrupted=True), "Somebody types Ctrl-C, and KeyboardInterrupt comes to the "
              "child at the moment of exec")


@check("it closes its descriptors", needs=starts_no_second_copy, timeout=60)
def closes_its_descriptors(answer: Answer) -> None:
    """After programs that end well, by a signal, and not at all."""
    for program in (["echo", "Shelf"], ["sh", "-c", "kill -TERM $$"], ["no_such_printer"]):
        seen = call(answer, program, program)
        expect(seen.left_open, [], f"{told([program, program])}: the descriptors that are open afterwards, and were "
               "not before", hint=2)


@check("it fetches its own child, and no other", needs=starts_no_second_copy, timeout=60)
def fetches_its_own_child(answer: Answer) -> None:
    """Afterwards there is no child; one that the caller had before is still there to be fetched."""
    for program in (["echo", "Shelf"], ["sh", "-c", "kill -TERM $$"], ["no_such_printer"]):
        seen = call(answer, program)
        require(not seen.child_left, f"{told([program])}: when it has returned, {seen.child_left}", hint=2)
    for program, code, output in ((["sh", "-c", "sleep 0.3; exit 5"], 5, b""), (["echo", "Shelf"], 0, b"Shelf\n")):
        tried = f"The caller has another child, which has ended with exit code 9; {told([program])}"
        seen = call(answer, program, other=True)
        expect(seen.returned[0], (code, output), f"{tried} returned", hint=2)
        expect(seen.other, "exit code 9", f"{tried}: what the caller hears when it then waits for that child", hint=2)


class Caller:
    """The program that calls mini_run, in the Python that was started for it."""

    def __init__(self, notes: str) -> None:
        self.pid, self.notes = os.getpid(), notes

    def note(self, key: str, value: Any) -> None:
        """Write one line, which no other process can tear apart."""
        file = os.open(self.notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(file, f"{json.dumps([key, value])}\n".encode())
        os.close(file)

    def only_i(self, story: str) -> None:
        """End a process that is a copy of this one."""
        if os.getpid() != self.pid:
            self.note("copies", story)
            os._exit(0)

    def play(self, path: str, programs: list[list[str]], other: bool, interrupted: bool) -> None:
        """Call mini_run of the answer at `path`, and note what happens."""
        from course.check.answer import load

        if interrupted:
            os.execvp = interrupt  # type: ignore[assignment]
        mini_run = load(Path(path)).mini_run  # type: ignore[union-attr]
        print("printed by the caller", end="")
        child = self.other_child() if other else 0
        before = descriptors()
        sys.addaudithook(lambda event, _: self.note("used", OTHERS[event]) if event in OTHERS else None)
        for program in programs:
            self.one(mini_run, program, path)
        self.note("left_open", sorted(descriptors() - before))
        if other:
            self.note("other", how_it_ended(child))
        else:
            self.note("child_left", child_left())

    def one(self, mini_run: Any, program: list[str], path: str) -> None:
        """Make one call."""
        from course.check.explain import of_answer

        try:
            value = mini_run(list(program))
        except BaseException as error:
            self.only_i(f"there mini_run raises {type(error).__name__}")
            failure = of_answer(error, Path(path))
            self.note("raised", failure.message if failure else f"it raises {type(error).__name__}: {error}")
            os._exit(0)
        self.only_i(f"there mini_run returns {value!r:.60}")
        self.note("returned", repr(value))

    def other_child(self) -> int:
        """Return a child that has ended."""
        pid = os.fork()
        if pid == 0:
            os._exit(9)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        return pid


def interrupt(*_: Any) -> None:
    """Raise what Ctrl-C raises."""
    raise KeyboardInterrupt


def descriptors() -> set[int]:
    """Return the descriptors that are open."""
    found = set()
    for number in range(256):
        with contextlib.suppress(OSError):
            os.fstat(number)
            found.add(number)
    return found


def how_it_ended(pid: int) -> str:
    """Fetch a child."""
    try:
        return f"exit code {os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}"
    except ChildProcessError:
        return "nothing: somebody has fetched it already"


def child_left() -> str:
    """Say what child there is."""
    try:
        pid, _ = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return ""
    return f"nobody has waited for the child, which {'is a zombie' if pid else 'still runs'}."


if __name__ == "__main__":
    faulthandler.register(signal.SIGUSR1)
    Caller(sys.argv[3]).play(sys.argv[1], **json.loads(sys.argv[2]))
