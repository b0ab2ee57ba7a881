"""The commands about exercises. Each returns an exit code: 0 when it did what was asked, 1 when the answer is wrong."""

import sys
from pathlib import Path

from rich.console import Console

from course.check import progress, progress_file, work
from course.check.cut import CutError
from course.check.exercise import Exercise, ExerciseError
from course.check.nursery import Nursery
from course.check.results import Result
from course.check.runner import ChecksError
from course.services import scratch
from course.services.child import ServiceError
from course.terminal import show
from course.terminal.find import find, lesson_of, of_lesson

# What a learner's machine or an author can cause: each is told in one sentence.
PROBLEMS = (ExerciseError, CutError, ChecksError, ServiceError, OSError)
ALL_PASSED = "Every exercise here is passed. `course list` shows them; `course reset NAME` begins one anew."


def list_all(root: Path, lesson: str | None) -> int:
    """Show the exercises (of one lesson) and what was achieved."""
    exercises = of_lesson(root, lesson)
    loaded = progress_file.load(work.progress_path(root))
    out = show.console()
    if loaded.message:
        out.print(loaded.message)
    out.print(show.overview(exercises, [progress.seen(loaded.progress, task.address) for task in exercises]))
    return 0


def next_one(root: Path, name: str | None = None) -> int:
    """Show the next exercise (of a lesson) that is not passed, or the one that is named, and make its file."""
    out, task = show.console(), find(root, name)
    if task is None:
        out.print(ALL_PASSED, markup=False)
        return 0
    out.print(show.statement(task, _make(root, task)))
    out.print(f"\nThen: course watch   (checks it each time you save; `course check {task.name}` does it once)")
    return 0


def check(root: Path, name: str | None) -> int:
    """Check an answer once."""
    out, task = show.console(), find(root, name)
    if task is None:
        out.print(ALL_PASSED, markup=False)
        return 0
    new = not work.answer_path(root, task).exists()
    out.print(f"Checking {_make(root, task)} ...", style="dim")
    outcome = checked(root, task)
    out.print(show.result(outcome, task))
    if outcome.passed:
        left = any(lesson_of(other) == lesson_of(task) for other in work.unfinished(root))
        out.print(f"The next one: course next{f' {lesson_of(task)}' if left else ''}", style="dim", markup=False)
    elif new:
        out.print(f"What is asked: course next {task.name}", style="dim", markup=False)
    return 0 if outcome.passed else 1


def checked(root: Path, task: Exercise, nursery: Nursery | None = None) -> Result:
    """Check the learner's file with what its checks need, and note how it went."""
    return work.attempt(root, task, scratch.resources(task.folder, task.needs), nursery)


def hint(root: Path, name: str | None, number: int | None) -> int:
    """Show the next hint, or one by its number."""
    out, task = show.console(), find(root, name)
    if task is None:
        out.print(ALL_PASSED, markup=False)
        return 0
    if number is not None and not 1 <= number <= len(task.hints):
        return refused(f"{task.address} has hints 1 to {len(task.hints)}, no hint {number}")
    out.print(show.hint(*work.hint(root, task, number), task))
    return 0


def solution(root: Path, name: str, certain: bool) -> int:
    """Show the solution; one that was not found yet only after a question."""
    out, task = show.console(), find(root, name)
    assert task is not None
    seen = progress.seen(progress_file.load(work.progress_path(root)).progress, task.address)
    if seen.status != "passed" and not certain:
        left = len(task.hints) - seen.hints
        if left > 0:
            out.print(f"{left} of {len(task.hints)} hints are left: `course hint {task.name}`.", markup=False)
        if not _agreed(out, "You have not passed it yet. Show the solution all the same?"):
            return 1
    out.print(show.code(task.solution, task))
    return 0


def reset(root: Path, name: str, undo: bool, certain: bool) -> int:
    """Begin an exercise anew, or take the latest reset back."""
    out, task = show.console(), find(root, name)
    assert task is not None
    if undo:
        path = work.undo_reset(root, task)
        out.print(f"{path.relative_to(root)} is as before the reset." if path else "There is no reset to take back.")
        return 0 if path else 1
    if not work.untouched(root, task) and not certain and not _agreed(out, f"Put your text of {task.address} aside?"):
        return 1
    aside = work.reset(root, task)
    out.print(f"{_make(root, task)} is the starter again." + (
        f" Your text is in {aside.relative_to(root)}; `course reset {task.name} --undo` brings it back."
        if aside else ""), markup=False)
    return 0


def _make(root: Path, task: Exercise) -> str:
    """Return the name of the learner's file; say so when one that was there has gone, and begins anew."""
    missing = not work.answer_path(root, task).exists()
    name = work.prepare(root, task).relative_to(root).as_posix()
    if missing and progress.seen(progress_file.load(work.progress_path(root)).progress, task.address).status != "new":
        show.console().print(f"{name} was missing: it begins anew from the starter.", markup=False)
    return name


def _agreed(out: Console, question: str) -> bool:
    """Ask for a yes. Where nobody can answer, the answer is no."""
    if not sys.stdin.isatty():
        refused(f"{question} Nobody is there to answer: say --yes")
        return False
    try:
        return out.input(f"{question} [y/N] ", markup=False).strip().lower() in ("y", "yes")
    except EOFError:
        return False


def refused(message: str) -> int:
    """Say on stderr why a command did nothing, and return its exit code."""
    show.console(stderr=True).print(f"course: {message}", markup=False, soft_wrap=True)
    return 1
