"""The answer runs in a Python of its own, which has nothing open but what the scene opens.

`python checks.py ANSWER SCENE` is that Python: it calls the function SCENE below, and writes what it returns, as JSON,
into the file that the third argument names.
"""

import errno
import importlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course.check import Answer, Failure, check, expect, require

PATIENCE = 30.0  # seconds for one scene; a right answer needs a part of a second
NO_FOLDER = "This exercise needs /dev/fd, which Windows does not have: do it on Linux, on macOS, or in WSL."
NUMBERS = range(1024)


def play(answer: Answer, scene: Callable[..., Any]) -> tuple[Any, str]:
    """Run a scene in a new Python; return what it returns, and what it printed. Raises Failure when it raises."""
    require(os.path.isdir("/dev/fd"), NO_FOLDER)
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "result")
        command = [sys.executable, __file__, answer.hunt.__code__.co_filename, scene.__name__, str(result)]
        try:
            end = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True, timeout=PATIENCE,
                                 env={**os.environ, "PYTHONUNBUFFERED": ""})  # print holds text back
        except subprocess.TimeoutExpired:
            raise Failure(f"{scene.__doc__} It has not ended after {PATIENCE:g} seconds") from None
        if not result.exists():
            raise Failure(f"{scene.__doc__} {ending(end.stdout, answer.hunt.__code__.co_filename)}")
        return json.loads(result.read_text()), end.stdout


def ending(output: str, file: str) -> str:
    """Say how a program has ended, from the last line of its output, and in which line of the answer."""
    lines = output.strip().splitlines() or ["no word"]
    where = re.findall(rf'File "{re.escape(file)}", line (\d+)', output)
    return f"The program ends with: {lines[-1]:.300}{f' (line {where[-1]} of the answer)' if where else ''}"


def open_now() -> list[int]:
    """Return the numbers below 1024 that are open."""
    return [number for number in NUMBERS if _is_open(number)]


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def kinds(answer: Any) -> Any:
    """`hunt` looks at calls that open a file, a folder, a pipe, a socket, os.devnull."""
    Path("label").write_text("Emma")
    calls: dict[str, Callable[[], Any]] = {
        "a file": lambda: os.open("label", os.O_RDONLY), "a folder": lambda: os.open(".", os.O_RDONLY),
        "a pipe": os.pipe, "a socket": lambda: socket.socket().detach(),
        "os.devnull": lambda: os.open(os.devnull, os.O_RDONLY),
        "nothing": lambda: None, "a file, and closes it": lambda: os.close(os.open("label", os.O_RDONLY))}
    return {name: sorted(answer.hunt(call).values()) for name, call in calls.items()}


def numbers(answer: Any) -> Any:
    """`hunt` looks at calls that use large numbers, close others, and put something else under an old one."""
    resource = importlib.import_module("resource")  # not on Windows
    least, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    large = 10_000 if most in (resource.RLIM_INFINITY, -1) else min(10_000, most - 1)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(least, large + 1), most))
    Path("label").write_text("Emma")
    Path("other").write_text("Dune")
    old = os.open(os.devnull, os.O_RDONLY)
    doomed = os.open(os.devnull, os.O_RDONLY)
    file = os.open("label", os.O_RDONLY)

    def another() -> None:
        other = os.open("other", os.O_RDONLY)
        os.dup2(other, file)
        os.close(other)

    def exchanged() -> None:
        ours, theirs = os.pipe()
        os.dup2(ours, old)
        os.close(ours)
        os.close(theirs)
    log = os.open("log", os.O_WRONLY | os.O_CREAT)
    found = {"to 900": answer.hunt(lambda: os.dup2(0, 900)), "closes one": answer.hunt(lambda: os.close(doomed)),
             "large": answer.hunt(lambda: os.dup2(0, large)), "exchanges one": answer.hunt(exchanged),
             "another file": answer.hunt(another), "writes": answer.hunt(lambda: os.write(log, b"Emma")),
             "again": answer.hunt(lambda: None)}
    return {"found": {name: {str(key): value for key, value in one.items()} for name, one in found.items()}, "old": old,
            "file": file, "large": large}


def raising(answer: Any) -> Any:
    """`hunt` looks at a call that opens a pipe and raises LookupError."""
    def call() -> None:
        os.pipe()
        raise LookupError("no such book")
    before = open_now()
    found = answer.hunt(call)
    more = len(open_now()) - len(before)

    def interrupted() -> None:
        raise KeyboardInterrupt
    try:
        answer.hunt(interrupted)
    except KeyboardInterrupt:
        return {"kinds": sorted(found.values()), "more": more, "stopped": True}
    return {"kinds": sorted(found.values()), "more": more, "stopped": False}


def pairs(answer: Any) -> Any:
    """`read_pair` reads two files; one is missing, or a folder."""
    Path("one").write_text("Emma" * 50)
    Path("two").write_text("Dune")
    Path("box").mkdir()
    told = {}
    for first, second in (("one", "two"), ("two", "one"), ("two", "two"), ("one", "none"), ("none", "one"),
                          ("one", "box"), ("box", "one")):
        before = open_now()
        try:
            got = [part.decode() for part in answer.read_pair(first, second)]
        except Exception as error:
            got = type(error).__name__
        told[f"{first}, {second}"] = [got, sorted(set(open_now()) - set(before))]
    return told


def outputs(answer: Any) -> Any:
    """`with_output` is given a call that prints, writes, and starts a child; a longer file was at the path."""
    Path("label").write_text("an old label\n" * 10)
    print("before")
    before = open_now()

    def call() -> str:
        print("printed")
        sys.stdout.flush()
        os.write(1, b"written\n")
        subprocess.run(["echo", "a child"], check=True)
        print("printed last")
        return "the value"
    value = answer.with_output("label", call)
    print("after")
    sys.stdout.flush()
    os.write(1, b"after, written\n")
    subprocess.run(["echo", "a child, after"], check=False)
    return {"value": value, "file": Path("label").read_text(), "more": sorted(set(open_now()) ^ set(before))}


class Full:
    """Standard output whose text cannot be written any more once it is full."""

    def __init__(self, plain: Any) -> None:
        self.plain, self.full = plain, False

    def fill(self) -> None:
        """Be full from now on."""
        self.full = True

    def flush(self) -> None:
        """Write what is held back."""
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.plain.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.plain, name)


def failures(answer: Any) -> Any:
    """`with_output` is given a call that raises, a path that cannot be opened, and a disk that is full."""
    before, called = open_now(), []

    def fails() -> None:
        print("printed")
        raise LookupError("no such book")
    told = {}
    for name, path, call in (("raises", "label", fails), ("no folder", "none/label", lambda: called.append(1))):
        try:
            told[name] = repr(answer.with_output(path, call))
        except Exception as error:
            told[name] = type(error).__name__
    plain, sys.stdout = sys.stdout, Full(sys.stdout)
    try:
        told["disk full"] = repr(answer.with_output("more", sys.stdout.fill))
    except Exception as error:
        told["disk full"] = type(error).__name__
    try:
        told["disk full before"] = repr(answer.with_output("more", lambda: None))
    except Exception as error:
        told["disk full before"] = type(error).__name__
    sys.stdout = plain
    print("after")
    sys.stdout.flush()
    return {"told": told, "called": called, "file": Path("label").read_text() if Path("label").exists() else None,
            "more": sorted(set(open_now()) ^ set(before))}


@check("`hunt` names what is left open", timeout=60)
def names_what_is_left(answer: Answer) -> None:
    """Five kinds, and nothing."""
    found, _ = play(answer, kinds)
    want = {"a file": ["file"], "a folder": ["folder"], "a pipe": ["pipe", "pipe"], "a socket": ["socket"],
            "os.devnull": ["other"], "nothing": [], "a file, and closes it": []}
    for name, kind in want.items():
        expect(found[name], kind, f"hunt of a call that opens {name}; the kinds of what it finds", hint=2)


@check("it finds each number", needs=names_what_is_left, timeout=60)
def finds_each_number(answer: Answer) -> None:
    """900; the largest; one that is closed; two that stand for something else afterwards."""
    told, _ = play(answer, numbers)
    found, old = told["found"], str(told["old"])
    expect(found["to 900"], {"900": "other"}, "hunt of a call that puts os.devnull under number 900", hint=1)
    large, file = str(told["large"]), str(told["file"])
    expect(found["large"], {large: "other"}, f"hunt of a call that puts os.devnull under number {large}", hint=1)
    expect(found["closes one"], {}, "hunt of a call that closes a number that was open", hint=1)
    expect(found["exchanges one"], {old: "pipe"}, f"hunt of a call after which number {old}, a device before, is a "
           "pipe", hint=2)
    expect(found["another file"], {file: "file"}, f"hunt of a call after which number {file}, a file before, is another"
           " file", hint=2)
    expect(found["writes"], {}, "hunt of a call that writes to a file which was open before, and stays open", hint=2)
    expect(found["again"], {}, "hunt of a call that does nothing, while others are open", hint=1)


@check("an exception in the call is no hindrance, and `hunt` leaves nothing open", needs=names_what_is_left, timeout=60)
def survives_the_call(answer: Answer) -> None:
    """The call opens a pipe and raises."""
    told, _ = play(answer, raising)
    story = "hunt of a call that opens a pipe and raises LookupError"
    expect(told["kinds"], ["pipe", "pipe"], f"{story}; the kinds", hint=3)
    expect(told["more"], 2, f"{story}; how many descriptors are open afterwards, more than before", hint=3)
    expect(told["stopped"], True, "hunt of a call that raises KeyboardInterrupt, which is no Exception; whether "
           "it comes out", hint=3)


@check("`read_pair` leaves nothing open, on no way out", points=2, timeout=60)
def reads_and_closes(answer: Answer) -> None:
    """Seven pairs: good ones, missing files, folders."""
    told, _ = play(answer, pairs)
    long = ("Emma" * 50)[:100]
    want = {"one, two": [long, "Dune"], "two, one": ["Dune", long], "two, two": ["Dune", "Dune"],
            "one, none": "FileNotFoundError", "none, one": "FileNotFoundError", "one, box": "IsADirectoryError",
            "box, one": "IsADirectoryError"}
    for files, got in want.items():
        story = f"read_pair of {files} (none is missing, box is a folder)"
        expect(told[files][0], got, f"{story}; what it gives or raises", hint=3)
        expect(told[files][1], [], f"{story}; numbers that stay open", hint=3)


@check("`with_output` sends all output into the file, and only that", points=2, timeout=60)
def redirects(answer: Answer) -> None:
    """Printed, written, by a child; before and after."""
    told, printed = play(answer, outputs)
    story = "with_output of a call that prints, writes to 1, starts a child, and prints once more"
    expect(told["file"], "printed\nwritten\na child\nprinted last\n", f"{story}; what is in the file", hint=2)
    expect(told["value"], "the value", f"{story}; what it returns", hint=3)
    expect(printed, "before\nafter\nafter, written\na child, after\n", f"{story}; what came out here: printed before "
           "it, and after it printed, written to 1, and by a child, which gets 1 if it is inheritable", hint=2)
    expect(told["more"], [], f"{story}; numbers that are open afterwards and were not before, or the other way round",
           hint=3)


@check("afterwards all is as before, whatever has happened", needs=redirects, points=2, timeout=60)
def puts_it_back(answer: Answer) -> None:
    """The call raises; the file cannot be opened; the disk is full."""
    told, printed = play(answer, failures)
    want = {"raises": "LookupError", "no folder": "FileNotFoundError", "disk full": "OSError",
            "disk full before": "OSError"}
    expect(told["told"], want, "with_output of a call that raises LookupError, with a path in a folder that is "
           "missing, where sys.stdout.flush raises OSError after the call, and where it does so before; what comes out",
           hint=3)
    expect(told["called"], [], "with_output with a path that cannot be opened; calls of `call`", hint=3)
    expect(told["file"], "printed\n", "with_output of a call that prints and raises; what is in the file", hint=3)
    expect(printed, "after\n", "with_output of a call that raises, and where the disk is full; what comes out that is "
           "printed afterwards", hint=3)
    expect(told["more"], [], "with_output of a call that raises, with a path that cannot be opened, and where the disk "
           "is full; numbers that are open afterwards and were not before, or the other way round", hint=3)


if __name__ == "__main__":
    from course.check.answer import load

    loaded = load(Path(sys.argv[1]))
    returned = globals()[sys.argv[2]](loaded)
    Path(sys.argv[3]).write_text(json.dumps(returned))
