"""The table of the statement as data, a model of what eight threads can gain, and comparisons with both."""

from dataclasses import dataclass
from typing import Any

from course.check import Answer, check, expect, require

CORES = 4
THREADS = 8
TAKES = ["none", "asyncio", "threads", "processes"]
BLOCKS, MANY, PYTHON = "it waits and blocks", "it waits for many at once", "it computes in Python"
OUTSIDE, SMALL, LOCK = "it computes without the GIL", "it is too small", "one lock lets one in"
REASONS = [BLOCKS, MANY, PYTHON, OUTSIDE, SMALL, LOCK]
FEW = 1.0  # milliseconds of a whole work that is not worth to be handed out


@dataclass(frozen=True)
class Work:
    """One line of the table; times are milliseconds of one piece."""

    pieces: int
    waits: float = 0.0
    python: float = 0.0
    outside: float = 0.0
    locked: bool = False
    awaits: bool = False

    @property
    def alone(self) -> float:
        """The time of a piece in one thread."""
        return self.waits + self.python + self.outside

    def bounds(self) -> dict[str, float]:
        """What eight threads cannot go below, for each piece."""
        return {f"an eighth of all: {self.alone / THREADS:g}": self.alone / THREADS,
                f"the Python, one at a time: {self.python:g}": self.python,
                f"the C, on four cores: {self.outside / CORES:g}": self.outside / CORES,
                f"what is under one lock: {self.alone * self.locked:g}": self.alone * self.locked}

    @property
    def gain(self) -> int:
        """How many times as fast eight threads are at best, as 1, 4 or 8."""
        times = self.alone / max(self.bounds().values())
        return min((1, 4, 8), key=lambda known: abs(known - times))


WORKS = {
    "covers": Work(200, waits=90, python=0.5),
    "fines": Work(8, python=2000),
    "checksums": Work(300, python=0.1, outside=80),
    "notices": Work(5000, waits=60_000, python=0.1, awaits=True),
    "titles": Work(100, python=0.002),
    "last_copy": Work(200, waits=5, python=0.1, locked=True),
    "branches": Work(2000, waits=300, python=0.5, awaits=True),
    "similar": Work(8, python=5000),
}


def reason(work: Work) -> str:
    """Return where the time goes, and what follows."""
    if work.alone * work.pieces < FEW:
        return SMALL
    if work.locked:
        return LOCK
    if work.waits > work.alone / 2:
        return MANY if work.awaits else BLOCKS
    return PYTHON if work.python > work.alone / 2 else OUTSIDE


RIGHT = {BLOCKS: "threads", MANY: "asyncio", PYTHON: "processes", OUTSIDE: "threads", SMALL: "none", LOCK: "none"}
SPEAKS_AGAINST = {
    (BLOCKS, "none"): "the pieces wait nearly all of the time, one after the other, and could wait together",
    (BLOCKS, "asyncio"): "its client blocks: one call would hold the loop, and all tasks with it",
    (BLOCKS, "processes"): "it waits nearly all of the time, for which nobody needs an interpreter of its own",
    (MANY, "none"): "the pieces wait nearly all of the time, and have to wait together",
    (MANY, "threads"): "so many threads would each have a stack and a place in the scheduler, only to wait, and "
                       "something lighter can wait for all of them",
    (MANY, "processes"): "so many processes would each have an interpreter, only to wait",
    (PYTHON, "none"): "it computes for seconds on one core, and three are idle",
    (PYTHON, "asyncio"): "it never waits, so a task of it would never let another one run",
    (PYTHON, "threads"): "all of its threads need the one GIL for all of the time",
    (OUTSIDE, "none"): "it computes on one core, and three are idle",
    (OUTSIDE, "asyncio"): "it never waits, so a task of it would never let another one run",
    (OUTSIDE, "processes"): "its bytes would have to be sent to the other process, and something lighter uses as many "
                            "cores",
    (SMALL, "asyncio"): "all of it takes a fifth of a millisecond, and nothing in it waits",
    (SMALL, "threads"): "all of it takes a fifth of a millisecond, and handing a piece over takes longer than doing it",
    (SMALL, "processes"): "all of it takes a fifth of a millisecond, and starting a process takes many",
    (LOCK, "asyncio"): "whoever does it, all pieces want one lock, which is held for all of the time",
    (LOCK, "threads"): "eight threads would stand in a row before one lock, which is held for all of the time",
    (LOCK, "processes"): "whoever does it, all pieces want one lock, which is held for all of the time",
}


def table(answer: Answer) -> dict[str, Any]:
    """Return the choices, if they are such a table as the statement describes."""
    choices = answer.choices
    require(isinstance(choices, dict), "`choices` must be a dict: the name of each work, and a Choice.")
    expect(sorted(map(str, choices)), sorted(WORKS), "The works that `choices` names")
    for name, choice in choices.items():
        require(isinstance(choice, tuple) and len(choice) == 3,
                f"{name} is {choice!r}: write Choice(take, because, eight_threads).")
        take, because, gain = choice
        require(take in TAKES, f"`take` of {name} is {take!r}; it is one of {', '.join(TAKES)}.")
        require(because in REASONS, f"`because` of {name} is {because!r}; it is one of: {'; '.join(REASONS)}.")
        require(type(gain) in (int, float) and gain in (1, 4, 8),
                f"`eight_threads` of {name} is {gain!r}; it is 1, 4 or 8.")
    return {name: choices[name] for name in WORKS}


@check("each of the eight works has its line, in the words of the statement")
def fills_the_table(answer: Answer) -> None:
    """The form, before the contents."""
    expect(len(table(answer)), len(WORKS), "The number of works in `choices`")


@check("each work takes the lightest that helps", needs=fills_the_table, points=2)
def takes_what_helps(answer: Answer) -> None:
    """An objection to the first choice that is not right."""
    for name, (take, _, _) in table(answer).items():
        why = reason(WORKS[name])
        require(take == RIGHT[why], f"{name} takes {take}. But {SPEAKS_AGAINST.get((why, take))}.", hint=1)


@check("each choice has its reason", needs=takes_what_helps)
def says_why(answer: Answer) -> None:
    """The reason, where what is taken is right."""
    for name, (take, because, _) in table(answer).items():
        work = WORKS[name]
        require(because == reason(work), f"{name} takes {take}, which is right, because {because!r}, which is not why. "
                f"One piece waits {work.waits:g} ms, computes {work.python:g} ms in Python and {work.outside:g} ms "
                f"in C without the GIL, and there are {work.pieces}.", hint=1)


@check("the gain of eight threads is known before it is measured", needs=fills_the_table)
def knows_the_gain(answer: Answer) -> None:
    """What eight threads gain at best: the slowest of four bounds says it."""
    for name, (_, _, gain) in table(answer).items():
        work = WORKS[name]
        require(gain == work.gain, f"{name}: eight threads are not about {gain:g} times as fast as one, which needs "
                f"{work.alone:g} ms for a piece. Eight threads need, for each piece, at least the longest of these: "
                f"{'; '.join(work.bounds())} ms.", hint=2)
