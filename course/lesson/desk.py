"""What a reader can do with an exercise, without the buttons: each action takes what is shown and returns what is then.

The learner's file and the progress document are the truth; this only remembers what was asked for on this page.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from course.check import exercise, progress, progress_file, runner, work
from course.check.exercise import Exercise
from course.check.progress import Seen
from course.check.results import Result
from course.lesson import faults, output, results
from course.lesson.output import Bundle
from course.services import scratch

Action = Literal["check", "hint", "solution", "reset", "undo"]


@dataclass(frozen=True)
class Shown:
    """What the reader sees beneath the statement; `asks` is the action that waits for its button's second press."""

    seen: Seen = field(default_factory=Seen)
    untouched: bool = True
    notice: str = ""
    outcome: Result | None = None
    hints: int = 0
    solution: bool = False
    asks: Literal["", "solution", "reset"] = ""


def opened(root: Path, task: Exercise) -> Shown:
    """Make the learner's file where there is none, and look at what was achieved. Raises OSError."""
    work.prepare(root, task)
    return look(root, task, Shown())


def look(root: Path, task: Exercise, shown: Shown) -> Shown:
    """Return `shown` with the state of file and progress as they are now. Raises OSError."""
    loaded = progress_file.load(work.progress_path(root))
    notice = " ".join(filter(None, (shown.notice, loaded.message)))
    return replace(shown, seen=progress.seen(loaded.progress, task.address), untouched=work.untouched(root, task),
                   notice=notice)


def act(root: Path, address: str, action: Action, shown: Shown) -> Shown:
    """Do what a button says. What goes wrong becomes the notice, and the rest stays as it is."""
    before = replace(shown, notice="", asks="", outcome=None if action == "check" else shown.outcome)
    try:
        task = exercise.load(root, address)  # an author may have changed it since the cell was run
        before = look(root, task, before)  # a document that had to be set aside is told before it is written anew
        return look(root, task, _ACTIONS[action](root, task, replace(before, asks=shown.asks)))
    except faults.FAULTS as error:
        return replace(before, notice=" ".join(filter(None, (before.notice, faults.sentence(error)))))


def rechecked(root: Path, task: Exercise, shown: Shown) -> Shown:
    """Check a file that was edited, because its cell was run again. Raises what `act` tells.

    What is passed already is checked without being noted: a notebook that is run whole is no new attempt.
    """
    if shown.untouched:
        return shown
    if (shown.seen.status, shown.seen.hash) == ("passed", task.fingerprint):
        outcome = runner.run(task.address, task.checks, work.answer_path(root, task),
                             scratch.resources(task.folder, task.needs))
        return replace(shown, outcome=outcome)
    return look(root, task, replace(shown, outcome=_attempt(root, task)))


def _attempt(root: Path, task: Exercise) -> Result:
    return work.attempt(root, task, scratch.resources(task.folder, task.needs))


def _check(root: Path, task: Exercise, shown: Shown) -> Shown:
    there = work.answer_path(root, task).exists()
    told = "This is the starter as it was: write your answer, save the file, then press Check." if there else \
        "Your file was not there: it begins anew from the starter."
    return replace(shown, outcome=_attempt(root, task), notice=_more(shown, told if shown.untouched else ""),
                   asks="")


def _hint(root: Path, task: Exercise, shown: Shown) -> Shown:
    """Show those that were taken before; when they are there, the next."""
    if shown.hints >= shown.seen.hints and shown.hints < len(task.hints):
        number, _ = work.hint(root, task, shown.hints + 1)
        return replace(shown, hints=number, asks="")
    return replace(shown, hints=min(shown.seen.hints, len(task.hints)), asks="")


def _solution(root: Path, task: Exercise, shown: Shown) -> Shown:
    if shown.seen.status == "passed" or shown.asks == "solution":
        return replace(shown, solution=True, asks="")
    left = len(task.hints) - shown.seen.hints
    hints = f" {left} of {len(task.hints)} hints are left." if left > 0 else ""
    return replace(shown, asks="solution", notice=_more(
        shown, f"You have not passed it yet.{hints} Press Solution again to see it all the same."))


def _reset(root: Path, task: Exercise, shown: Shown) -> Shown:
    if shown.untouched and shown.seen.status == "new":
        return replace(shown, asks="", notice=_more(shown, "Your file is the starter already."))
    if shown.asks != "reset":
        return replace(shown, asks="reset", notice=_more(
            shown, "Press Reset again to put your text aside and begin with the starter."))
    aside = work.reset(root, task)
    told = f" Your text is in {aside.relative_to(root).as_posix()}; Undo brings it back." if aside else ""
    return replace(Shown(), notice=_more(shown, f"Your file is the starter again.{told}"))


def _undo(root: Path, task: Exercise, shown: Shown) -> Shown:
    path = work.undo_reset(root, task)
    told = f"{path.relative_to(root).as_posix()} is as before the reset." if path else "There is no reset to take back."
    return replace(shown, outcome=None, asks="", notice=_more(shown, told))


_ACTIONS = {"check": _check, "hint": _hint, "solution": _solution, "reset": _reset, "undo": _undo}


def _more(shown: Shown, told: str) -> str:
    return " ".join(filter(None, (shown.notice, told)))


def report(task: Exercise, shown: Shown) -> Iterator[Bundle]:
    """Yield what stands beneath the buttons."""
    if shown.notice:
        yield output.note(shown.notice)
    yield output.quiet(results.standing(shown.seen, task, shown.outcome))
    if shown.outcome:
        yield results.checked(shown.outcome)
    for number, hint in enumerate(task.hints[:shown.hints], 1):
        yield output.markdown(f"**Hint {number} of {len(task.hints)}.** {hint}")
    if shown.solution:
        yield output.markdown(f"**A solution.** There are others.\n\n{output.code(task.solution, task.language)}")
