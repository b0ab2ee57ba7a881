"""Checks on each save, in the way of rustlings: one exercise at a time, on to the next when it passes.

A file is watched by asking for its time and size a few times a second: that works with every editor (some write a new
file and rename it), on network drives and in containers, where file events do not arrive.
"""

import queue
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from course.check import work
from course.check.exercise import Exercise
from course.check.nursery import Nursery
from course.terminal import commands, show
from course.terminal.find import find, lesson_of

PAUSE = 0.2  # seconds between two looks
HELP = "[h] hint   [n] next   [r] check again   [q] quit   (then Enter); saving the file checks it"


@dataclass(frozen=True)
class _Desk:
    """Where the learner sits: the course, the screen, what is typed, and processes that check faster."""

    root: Path
    out: Console
    keys: "queue.Queue[str]"
    nursery: Nursery


def watch(root: Path, name: str | None) -> int:
    """Watch one exercise after the other, beginning with `name` or the next; return 0 when the learner ends it."""
    with Nursery() as nursery:
        desk, task, skipped = _Desk(root, show.console(), _keys(), nursery), find(root, name), set[str]()
        passed = ""
        lesson = lesson_of(task) if task and name else None  # who names one stays in its lesson
        while task is not None:
            try:
                outcome = _one(task, desk, passed)
            except KeyboardInterrupt:
                outcome = "quit"
            if outcome == "quit":
                desk.out.print("\nYour files stay in work/. `course watch` goes on here.")
                return 0
            passed = _praise(task) if outcome == "passed" else ""
            if outcome == "skipped":
                skipped.add(task.address)
            task = next((left for left in work.unfinished(root)
                         if left.address not in skipped and lesson in (None, lesson_of(left))), None)
        message = "The rest was skipped: `course list` shows it." if skipped else commands.ALL_PASSED
        desk.out.print(message, markup=False)
    return 0


def _praise(task: Exercise) -> str:
    return f"Passed: {task.title}. Compare: course solution {task.name}"


def _one(task: Exercise, desk: _Desk, told: str) -> str:
    """Watch one exercise until it passes; return how it ended: passed, skipped or quit.

    `told` is said again beneath its first check: the statement pushes what stood above out of the window.
    """
    path = work.prepare(desk.root, task)
    before: object = ""
    while True:
        if _state(path) != before:
            if _state(path) is None and before:
                desk.out.print(f"{path.name} is gone: it begins anew from the starter.", markup=False)
                work.prepare(desk.root, task)
            before = _state(path)
            if _check(task, desk):
                return "passed"
            if told:
                desk.out.print(f"{told}\nThis is the next one: {task.title}.", style="bold green", markup=False)
                told = ""
        try:
            key = desk.keys.get(timeout=PAUSE)
        except queue.Empty:
            continue
        if key in ("q", "n"):
            return {"q": "quit", "n": "skipped"}[key]
        if key == "h":
            desk.out.print(show.hint(*work.hint(desk.root, task), task))
        elif key.isdigit() and 1 <= int(key) <= len(task.hints):
            desk.out.print(show.hint(*work.hint(desk.root, task, int(key)), task))
        elif key == "r":
            before = None
        elif key:
            desk.out.print(HELP, markup=False)


def _check(task: Exercise, desk: _Desk) -> bool:
    """Show the statement and check the file; return whether it passes."""
    path = work.prepare(desk.root, task).relative_to(desk.root).as_posix()
    desk.out.clear()
    desk.out.print(show.statement(task, path))
    desk.out.print("\nChecking ...", style="dim")
    try:
        outcome = commands.checked(desk.root, task, desk.nursery)
    except commands.PROBLEMS as error:  # an author may be writing the checks; a disk may be full
        commands.refused(str(error))
        return False
    desk.out.print(show.result(outcome, task, watching=True))
    if outcome.passed:
        desk.out.print(f"\n{_praise(task)}", style="bold green", markup=False)
        _pause(desk.out)
    else:
        desk.out.print(f"\n{HELP}", style="dim", markup=False)
    return outcome.passed


def _pause(out: Console) -> None:
    """Let the learner see that it passed before the screen is cleared for the next one."""
    if out.is_terminal:
        time.sleep(2)


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:  # between an editor's delete and its rename
        return None
    return found.st_mtime_ns, found.st_size


def _keys() -> "queue.Queue[str]":
    """Return what is typed, a word a line. Without a terminal nothing comes."""
    typed: queue.Queue[str] = queue.Queue()

    def read() -> None:
        for line in sys.stdin:
            typed.put(line.strip().lower()[:1])
        typed.put("q")  # Ctrl-D

    if sys.stdin is not None and sys.stdin.isatty():
        threading.Thread(target=read, name="keys", daemon=True).start()
    return typed
