"""Each job is played by Ann and Ben at the same moment: at the level that was chosen, and at the one below."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import psycopg
import yaml

from course.check import TextAnswer, check, expect, require

Connection = psycopg.Connection[tuple[Any, ...]]
OPTIONS = "-c lock_timeout=60s -c statement_timeout=60s"  # nobody waits for ever
LEVELS = ["read committed", "repeatable read", "serializable"]
COPIES = "SELECT copies FROM book WHERE title = 'Dune'"
LEND = "UPDATE book SET copies = copies - 1 WHERE title = 'Dune' AND copies > 0"
ON_DUTY = "SELECT count(*) FROM duty"
START = "DELETE FROM duty; INSERT INTO duty VALUES ('Ann'), ('Ben'); UPDATE book SET copies = 2"


class Pair:
    """Ann and Ben, each in a transaction at one level."""

    def __init__(self, database: str, level: str, stack: ExitStack) -> None:
        self.watch, self.ann, self.ben = (stack.enter_context(psycopg.connect(database, autocommit=True,
                                                                              options=OPTIONS)) for _ in range(3))
        self.watch.execute(START)
        self.refused = False
        for session in (self.ann, self.ben):
            session.execute(f"BEGIN ISOLATION LEVEL {level}")

    def now(self, question: str) -> Any:
        """Return what is committed now."""
        return (self.watch.execute(question).fetchone() or (None,))[0]

    def both_write(self, bens: str, anns: str) -> None:
        """Ben writes, then Ann, who may have to wait for him; he commits first, and then she."""
        with ThreadPoolExecutor(1) as hand:
            self.ben.execute(bens)
            call = hand.submit(self.ann.execute, anns)
            deadline = time.monotonic() + 40
            blockers = f"SELECT cardinality(pg_blocking_pids({self.ann.info.backend_pid}))"
            while not call.done() and not self.now(blockers):
                require(time.monotonic() < deadline, "The check did not get so far that Ann waits: run it again")
                time.sleep(0.005)
            self.ben.execute("COMMIT")
            try:
                call.result()
                self.ann.execute("COMMIT")
            except psycopg.errors.SerializationFailure:
                self.refused = True


def inventory(pair: Pair) -> str:
    """Ann takes the inventory, and Ben lends a copy between her two reads."""
    body = pair.ann.execute(COPIES).fetchone()
    pair.ben.execute(LEND)
    pair.ben.execute("COMMIT")
    return "" if body == pair.ann.execute(COPIES).fetchone() else "body and footer differ"


def lend(pair: Pair) -> str:
    """Both read 2 and write 1."""
    for session in (pair.ann, pair.ben):
        session.execute(COPIES)
    pair.both_write("UPDATE book SET copies = 1", "UPDATE book SET copies = 1")
    loans = 1 if pair.refused else 2
    return "" if pair.now(COPIES) == 2 - loans else f"there are {loans} loans, and one copy fewer"


def lend_in_one(pair: Pair) -> str:
    """Both subtract in one statement."""
    pair.both_write(LEND, LEND)
    loans = 1 if pair.refused else 2
    return "" if pair.now(COPIES) == 2 - loans else f"there are {loans} loans, and not as many copies fewer"


def go_off_duty(pair: Pair) -> str:
    """Both see two on duty and leave."""
    for session in (pair.ann, pair.ben):
        session.execute(ON_DUTY)
    pair.both_write("DELETE FROM duty WHERE name = 'Ben'", "DELETE FROM duty WHERE name = 'Ann'")
    return "" if pair.now(ON_DUTY) else "nobody is on duty"


def opening_page(pair: Pair) -> str:
    """Ann's only statement comes while Ben has lent a copy and not committed."""
    pair.ben.execute(LEND)
    return "" if pair.ann.execute(COPIES).fetchone() == (2,) else "the page shows what is not committed"


JOBS: dict[str, Callable[[Pair], str]] = {job.__name__: job for job in
                                          (inventory, lend, lend_in_one, go_off_duty, opening_page)}


def play(database: str, job: str, level: str) -> tuple[str, bool]:
    """Play a job; return what went wrong (empty: nothing), and whether a 40001 came."""
    with ExitStack() as stack:
        pair = Pair(database, level, stack)
        return JOBS[job](pair), pair.refused


def choices(answer: TextAnswer) -> dict[str, Any]:
    """Read the file; what it lacks or misspells is told in words."""
    problem, found = "", None
    try:
        found = yaml.safe_load(answer.text)
    except yaml.YAMLError as error:
        problem = str(error)
    require(not problem, f"The file is not YAML: {problem}")
    require(isinstance(found, dict), "The file must have the name of each job at the left margin, with a colon, and "
                                     "two lines beneath it")
    expect(sorted(map(str, found or {})), sorted(JOBS), "The jobs that your file names")
    chosen: dict[str, Any] = dict(found or {})
    for job, entry in chosen.items():
        require(entry is not None, f"{job} has no level and no retry yet: write two lines beneath it, as the comment "
                                   "at the top of the file says")
        fields = sorted(map(str, entry)) if isinstance(entry, dict) else []
        expect(fields, ["level", "retry"], f"What stands beneath {job}")
        level = str(entry["level"]).lower()
        require(level in LEVELS, f"`level` of {job} is {entry['level']!r}; the three levels are {', '.join(LEVELS)}")
        require(type(entry["retry"]) is bool, f"`retry` of {job} is {entry['retry']!r}: write true or false, "
                                              "without quotes")
        entry["level"] = level
    return chosen


@check("each job is right at its level", points=2, timeout=90)
def strict_enough(answer: TextAnswer, database: str) -> None:
    for job, choice in choices(answer).items():
        wrong, _ = play(database, job, choice["level"])
        require(not wrong, f"Ann and Ben at {choice['level']}, job {job}: {wrong}", hint=2)


@check("no job has a stricter level than it needs", needs=strict_enough, timeout=90)
def no_stricter(answer: TextAnswer, database: str) -> None:
    for job, choice in choices(answer).items():
        for level in LEVELS[:LEVELS.index(choice["level"])][-1:]:
            wrong, _ = play(database, job, level)
            require(wrong != "", f"{job} is at {choice['level']}, and Ann and Ben find nothing wrong at {level}",
                    hint=1)


@check("exactly those jobs are repeated that can be refused", needs=no_stricter, timeout=90)
def repeated_if_refused(answer: TextAnswer, database: str) -> None:
    for job, choice in choices(answer).items():
        _, refused = play(database, job, choice["level"])
        require(choice["retry"] is refused, f"`retry` of {job} is {'false' if refused else 'true'}, and Ann and Ben at "
                f"{choice['level']} have {'met a 40001' if refused else 'not met any 40001'}", hint=2)
