"""`parts` is given many texts; `count_words` is called in a Python of its own, in which it and its workers are watched.

The program DRIVER is that Python. A worker reads it too, as a spawned process reads the main module. Each process
leaves its notes in a file named by its number.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.check import Answer, Failure, check, expect, require

PATIENCE = 90.0  # seconds for one call: a worker starts a Python, and the machine may be busy
BUSY = 200.0
MEETING = 15  # seconds in which all workers come to their first part; only a wrong answer waits so long
DRIVER = """
import atexit, functools, importlib, json, multiprocessing, os, sys, time
from concurrent.futures.process import ProcessPoolExecutor
from multiprocessing import reduction
from pathlib import Path

path, text, workers, meeting, notes = sys.argv[1:]
notes = Path(notes)

def note(what, value):
    with open(notes / str(os.getpid()), "a", encoding="utf-8") as file:
        file.write(json.dumps([what, value]) + chr(10))

def watched(owner, name, seen):
    plain = getattr(owner, name)
    @functools.wraps(plain)
    def call(*given, **named):
        got = plain(*given, **named)
        seen(got, *given)
        return got
    setattr(owner, name, call)

class Measured:
    def __init__(self, file):
        self.file, self.size = file, 0
    def write(self, data):
        self.size += memoryview(data).nbytes
        return self.file.write(data)

def measured_dump(value, file, *others):
    through = Measured(file)
    plain_dump(value, through, *others)
    note("sent", through.size)

def meet():
    \"\"\"Wait until so many processes have a part in hand, or nobody comes.\"\"\"
    (notes / f"here-{os.getpid()}").touch()
    begin = time.monotonic()
    while len(list(notes.glob("here-*"))) < int(meeting) and not (notes / "alone").exists():
        if time.monotonic() > begin + WAIT:
            (notes / "alone").touch()
        time.sleep(0.01)

def counted(got, *given):
    note("counted", sum(got.values()))
    if __name__ != "__main__":
        meet()

def pooled(got, pool, *given):
    note("pool", [pool._max_workers, pool._mp_context.get_start_method()])
    if pool._max_workers < int(meeting):
        (notes / "alone").touch()  # the others will never come

sys.path.insert(0, str(Path(path).parent))
module = importlib.import_module(Path(path).stem)
plain_count, plain_dump = module.count, reduction.dump
watched(module, "count", counted)
watched(reduction.ForkingPickler, "dumps", lambda got, *given: note("sent", len(got)))
if __name__ == "__main__":
    reduction.dump = measured_dump
    watched(ProcessPoolExecutor, "__init__", pooled)
    text = Path(text).read_text(encoding="utf-8")
    want = plain_count(text)
    try:
        got = module.count_words(text, int(workers))
        same = type(got).__name__ == "Counter" and dict(got) == dict(want)
        result = "same" if same else repr(got)[:300]
    except BaseException as error:
        result = f"raises {type(error).__name__}: {error}"
    note("left", len(multiprocessing.active_children()))
    method = multiprocessing.get_start_method()
    note("method", None if method == multiprocessing.get_all_start_methods()[0] else method)
    note("result", result)
else:
    atexit.register(time.sleep, 0.3)  # who does not wait for its workers is seen
""".replace("WAIT", str(MEETING))
WORDS = ("Shelf", "book", "reader's", "to-day", "été", "O", "ümlaut", "loans", "Castle")
LONG = "one two three four five six seven eight nine ten\n" * 4000
LONG_WORDS = 40_000


@dataclass(frozen=True)
class Seen:
    """What a call of `count_words` did, and its workers."""

    tried: str
    result: str
    pools: list[list[Any]]  # of each pool the number of workers, and the start method
    method: str | None  # the start method of the whole program, when it is not the system's own
    sent: int
    sent_back: int
    counted_here: int  # words that `count` has counted in the process of the caller
    counted_there: int
    met: int  # workers that had a part in hand at the same time
    left: int


def call(answer: Answer, text: str, workers: int, hint: int, meeting: int = 0) -> Seen:
    """Call `count_words` in a new Python; a worker that has a part waits until `meeting` of them have one."""
    shown = repr(text) if len(text) < 60 else f"a text of {len(text):,} characters"
    tried = f"count_words({shown}, {workers})"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        source, notes, program = (Path(folder) / name for name in ("text", "notes", "driver.py"))
        notes.mkdir()
        source.write_text(text, encoding="utf-8", newline="")
        program.write_text(DRIVER, encoding="utf-8")
        command = [sys.executable, "-X", "utf8", str(program), answer.count_words.__code__.co_filename, str(source),
                   str(workers), str(meeting), str(notes)]
        with (Path(folder) / "said").open("w+", encoding="utf-8") as said:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                       start_new_session=True)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                raise Failure(f"{tried}: {PATIENCE:g} seconds later it has not returned.", hint=hint) from None
            finally:
                end(process)
            said.seek(0)
            told = read(notes, process.pid)
            require("result" in told, f"{tried}: the program ended with {process.returncode}. {said.read()[-300:]}",
                    hint=hint)
        return Seen(tried, **told)


def end(process: "subprocess.Popen[str]") -> None:
    """End the program and what it has left running."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def read(notes: Path, caller: int) -> dict[str, Any]:
    """Put the notes of all processes together."""
    told: dict[str, Any] = {"pools": [], "sent": 0, "sent_back": 0, "counted_here": 0, "counted_there": 0,
                            "met": len(list(notes.glob("here-*")))}
    for file in notes.glob("[0-9]*"):
        here = file.name == str(caller)
        for what, value in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
            if what == "pool":
                told["pools"].append(value)
            elif what in ("sent", "counted"):
                told[{"sent": "sent", "counted": "counted_here"}[what] if here else
                     {"sent": "sent_back", "counted": "counted_there"}[what]] += value
            else:
                told[what] = value
    return told


def cut(answer: Answer, text: str, number: int) -> list[str]:
    """Call `parts`, and require a list of text."""
    shown = repr(text) if len(text) < 60 else f"a text of {len(text):,} characters"
    try:
        got: Any = answer.parts(text, number)
    except Exception as error:
        raise Failure(f"parts({shown}, {number}) raises {type(error).__name__}: {error}", hint=1) from error
    require(isinstance(got, list) and all(isinstance(part, str) for part in got),
            f"parts({shown}, {number}) gives {got!r}, not a list of texts", hint=1)
    return list(got)


def texts() -> list[tuple[str, int]]:
    """Return texts and numbers of parts: odd ones, and a hundred at random."""
    dice = random.Random(7)
    made = [("", 3), (" ", 2), ("book", 4), ("to be or not to be", 3), ("a\nb\tc d", 3), ("  two  spaces  ", 4),
            ("Shelf\rbook\xa0Castle\x0bloans\u2003" * 4, 6)]
    for _ in range(100):
        words = [dice.choice(WORDS) + dice.choice((" ", "\n", "  ", "\t")) for _ in range(dice.randint(1, 40))]
        made.append(("".join(words).strip() if dice.random() < 0.5 else "".join(words), dice.randint(1, 9)))
    return made


@check("the parts make up the text, and no word is cut")
def cuts_between_words(answer: Answer) -> None:
    """More than a hundred texts; the words of the parts are those of the text."""
    for text, number in texts():
        got = cut(answer, text, number)
        expect("".join(got), text, f"parts({text!r}, {number}), put together again", hint=1)
        counted: Counter[str] = sum((answer.count(part) for part in got), Counter())
        tried = f"parts({text!r}, {number}) is {got!r}; the words in them"
        expect(dict(counted), dict(answer.count(text)), tried, hint=1)


@check("there are not more parts than asked for, and none is much longer", needs=cuts_between_words)
def cuts_evenly(answer: Answer) -> None:
    """The longest has its share, and the rest of a word."""
    for text, number in texts():
        got = cut(answer, text, number)
        require(len(got) <= max(number, 1), f"parts({text!r}, {number}) gives {len(got)} parts: {got!r}", hint=2)
        most = -(-len(text) // number) + max(map(len, WORDS)) + 2  # two blanks, when they go with the word before
        longest = max(got, key=len, default="")
        require(len(longest) <= most, f"parts({text!r}, {number}) gives {got!r}: the part {longest!r} has "
                f"{len(longest)} characters. The whole has {len(text)}, so that a part has "
                f"{-(-len(text) // number)}, and then goes on to the end of a word", hint=2)


@check("the words are counted as by `count`", needs=cuts_evenly, timeout=BUSY)
def counts_as_before(answer: Answer) -> None:
    """Two and three workers."""
    for text, workers in (("to be or not to be", 2), ("Shelf's books, shelf's loans. " * 500, 3)):
        seen = call(answer, text, workers, hint=2)
        require(seen.result == "same", f"{seen.tried} is not what count gives: {seen.result}", hint=2)


@check("other processes count, made by spawn, all at the same time", needs=counts_as_before, points=2, timeout=BUSY)
def counts_elsewhere(answer: Answer) -> None:
    """Three workers, and a text that is worth it."""
    seen = call(answer, LONG, 3, hint=3, meeting=3)
    expect(seen.counted_here, 0, f"{seen.tried}: words that `count` counted in the process that called it", hint=3)
    expect(seen.pools, [[3, "spawn"]], f"{seen.tried}: workers and start method of each ProcessPoolExecutor that was "
           "made", hint=3)
    require(seen.method is None, f"{seen.tried}: afterwards the start method of the whole program is {seen.method!r}. "
            "Others start processes too: choose it for this pool alone, as `mp_context`", hint=3)
    expect(seen.counted_there, LONG_WORDS, f"{seen.tried}: words that `count` counted in the workers", hint=3)
    require(seen.met >= 3, f"{seen.tried}: while a worker had a part in hand, {MEETING} seconds long, only {seen.met} "
            "of 3 workers had one. Is the next part sent only when a result has come, or does one worker get several?",
            hint=3)


@check("each part is sent once, and little comes back", needs=counts_elsewhere, timeout=BUSY)
def sends_each_part_once(answer: Answer) -> None:
    """What goes through the pipes is hardly more than the text; ten words and their numbers come back."""
    seen = call(answer, LONG, 3, hint=3, meeting=3)
    require(seen.sent < 1.3 * len(LONG), f"{seen.tried}: {seen.sent:,} bytes were sent to the workers in all, more "
            "than the text once", hint=3)
    require(seen.sent_back < 0.1 * len(LONG), f"{seen.tried}: {seen.sent_back:,} bytes came back from the workers, for "
            "ten different words. Send back what `count` returns", hint=3)


@check("one worker and an empty text will do, and no worker is left", needs=counts_as_before, timeout=BUSY)
def ends_well(answer: Answer) -> None:
    """No part at all, one part."""
    for text, workers in (("", 2), ("Dune", 1), ("Dune", 4)):
        seen = call(answer, text, workers, hint=3)
        require(seen.result == "same", f"{seen.tried} is not what count gives: {seen.result}", hint=3)
        if text:
            expect(seen.counted_here, 0, f"{seen.tried}: words that `count` counted in the process that called it",
                   hint=3)
        expect(seen.left, 0, f"{seen.tried}: workers that are still running when it has returned", hint=3)
