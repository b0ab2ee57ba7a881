"""`parts` is given many texts; `count_words` is called in a Python of its own, which watches what it sends."""

import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.check import Answer, Failure, check, expect, require

PATIENCE = 50.0  # seconds for one call: a worker starts a Python, and the machine may be busy
BUSY = 120.0
DRIVER = """
import functools, importlib, json, multiprocessing, os, sys
from multiprocessing import reduction
from concurrent.futures.process import ProcessPoolExecutor
from pathlib import Path

path, text, workers, report = sys.argv[1:]
text = Path(text).read_text()
seen = {"workers": [], "forks": 0, "sent": [], "counted_here": 0}
first = os.getpid()

def watched(owner, name, note):
    plain = getattr(owner, name)
    @functools.wraps(plain)
    def call(*given, **named):
        got = plain(*given, **named)
        note(got, *given)
        return got
    setattr(owner, name, call)

def pooled(got, pool, *given):
    seen["workers"].append(pool._max_workers)

def forked(got):
    seen["forks"] += bool(got)

def dumped(got, *given):
    seen["sent"].append(len(got))

if __name__ == "__main__":
    watched(ProcessPoolExecutor, "__init__", pooled)
    if hasattr(os, "fork"):
        watched(os, "fork", forked)
    watched(reduction.ForkingPickler, "dumps", dumped)
    sys.path.insert(0, str(Path(path).parent))
    module = importlib.import_module(Path(path).stem)
    want = module.count(text)
    counting = module.count
    @functools.wraps(counting)
    def count(part):
        seen["counted_here"] += os.getpid() == first
        return counting(part)
    module.count = count
    try:
        got = module.count_words(text, int(workers))
        same = type(got).__name__ == "Counter" and dict(got) == dict(want)
        seen["result"] = "same" if same else repr(got)[:300]
    except BaseException as error:
        seen["result"] = f"raises {type(error).__name__}: {error}"
    seen["left"] = len(multiprocessing.active_children())
    Path(report).write_text(json.dumps(seen))
"""
WORDS = ("Shelf", "book", "reader's", "to-day", "été", "O", "ümlaut", "loans", "Castle")


@dataclass(frozen=True)
class Seen:
    """What a call of `count_words` did."""

    tried: str
    result: str
    workers: list[int]
    forks: int
    sent: list[int]
    counted_here: int
    left: int


def call(answer: Answer, text: str, workers: int, hint: int) -> Seen:
    """Call `count_words` in a new Python."""
    shown = repr(text) if len(text) < 60 else f"a text of {len(text):,} characters"
    tried = f"count_words({shown}, {workers})"
    with tempfile.TemporaryDirectory() as folder:
        source, report, program = (Path(folder) / name for name in ("text", "report", "driver.py"))
        source.write_text(text, encoding="utf-8")
        program.write_text(DRIVER, encoding="utf-8")
        command = [sys.executable, "-X", "utf8", str(program), answer.count_words.__code__.co_filename, str(source),
                   str(workers), str(report)]
        try:
            end = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            raise Failure(f"{tried}: {PATIENCE:g} seconds later it has not returned.", hint=hint) from None
        if not report.exists():
            raise Failure(f"{tried}: the program ended with {end.returncode}. {end.stderr[-300:]}", hint=hint)
        return Seen(tried, **json.loads(report.read_text()))


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
    made = [("", 3), (" ", 2), ("book", 4), ("to be or not to be", 3), ("a\nb\tc d", 3), ("  two  spaces  ", 4)]
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
        most = -(-len(text) // number) + max(map(len, WORDS))
        longest = max(map(len, got), default=0)
        require(longest <= most, f"parts({text!r}, {number}) gives {got!r}: the longest part has {longest} characters, "
                f"of {len(text)} in all", hint=2)


@check("the words are counted as by `count`", needs=cuts_evenly, timeout=BUSY)
def counts_as_before(answer: Answer) -> None:
    """Two and three workers."""
    for text, workers in (("to be or not to be", 2), ("Shelf's books, shelf's loans. " * 500, 3)):
        seen = call(answer, text, workers, hint=2)
        require(seen.result == "same", f"{seen.tried} is not what count gives: {seen.result}", hint=2)


@check("other processes count, made by spawn", needs=counts_as_before, points=2, timeout=BUSY)
def counts_elsewhere(answer: Answer) -> None:
    """Three workers, and a text that is worth it."""
    seen = call(answer, "one two three four five six seven eight nine ten\n" * 4000, 3, hint=3)
    expect(seen.counted_here, 0, f"{seen.tried}: how often `count` ran in the process that called it", hint=3)
    expect(seen.forks, 0, f"{seen.tried}: how often os.fork was called, as the start method fork does", hint=3)
    expect(seen.workers, [3], f"{seen.tried}: the workers of each ProcessPoolExecutor that was made", hint=3)


@check("each part is sent once", needs=counts_elsewhere, timeout=BUSY)
def sends_each_part_once(answer: Answer) -> None:
    """What goes through the pipes is hardly more than the text."""
    text = "one two three four five six seven eight nine ten\n" * 4000
    seen = call(answer, text, 3, hint=3)
    require(sum(seen.sent) < 1.3 * len(text), f"{seen.tried}: {sum(seen.sent):,} bytes were sent to the workers in "
            "all, more than the text once", hint=3)
    require(max(seen.sent, default=0) < 0.5 * len(text), f"{seen.tried}: one of the workers was sent "
            f"{max(seen.sent, default=0):,} bytes; a part has about {len(text) // 3:,}", hint=3)


@check("one worker and an empty text will do, and no worker is left", needs=counts_as_before, timeout=BUSY)
def ends_well(answer: Answer) -> None:
    """No part at all, one part."""
    for text, workers in (("", 2), ("Dune", 1), ("Dune", 4)):
        seen = call(answer, text, workers, hint=3)
        require(seen.result == "same", f"{seen.tried} is not what count gives: {seen.result}", hint=3)
        expect(seen.left, 0, f"{seen.tried}: workers that are still running when it has returned", hint=3)
