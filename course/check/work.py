"""The learner's folder `work/`: the files that are edited, and what has been achieved.

A file is made from the starter when it is first needed and never written over: a reset puts the old text aside.
"""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import count, takewhile
from pathlib import Path

from course.check import progress, progress_file, runner
from course.check.exercise import Exercise, load
from course.check.nursery import Nursery
from course.check.progress import Progress
from course.check.reading_order import in_order
from course.check.results import Result
from course.check.runner import Resource

FOLDER = "work"
ASIDE = ".aside"  # in `work/`: texts that a reset put away


def now() -> str:
    """Return the time as the progress document writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def progress_path(root: Path) -> Path:
    """Return where the progress document of the course at `root` is kept."""
    return root / FOLDER / "progress.json"


def answer_path(root: Path, exercise: Exercise) -> Path:
    """Return the file that the learner edits, whether or not it exists yet."""
    return root / FOLDER / f"{exercise.address}{exercise.suffix}"


def prepare(root: Path, exercise: Exercise) -> Path:
    """Return the learner's file, made from the starter if there is none. Raises OSError."""
    path = answer_path(root, exercise)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as new:
            new.write(exercise.starter)
    except FileExistsError:
        pass
    return path


def untouched(root: Path, exercise: Exercise) -> bool:
    """Whether the learner has written nothing yet."""
    path = answer_path(root, exercise)
    return not path.exists() or path.read_text(encoding="utf-8", errors="replace") == exercise.starter


def attempt(root: Path, exercise: Exercise, resources: Mapping[str, Resource] | None = None,
            nursery: Nursery | None = None) -> Result:
    """Check the learner's file and note in the progress how it went. Raises ChecksError, OSError.

    A starter that was not touched is checked too, but is no attempt.
    """
    path = prepare(root, exercise)
    result = runner.run(exercise.address, exercise.checks, path, resources, nursery)
    if result.passed:
        note(root, lambda before: progress.passed(before, exercise.address, now(), exercise.fingerprint))
    elif not untouched(root, exercise):
        note(root, lambda before: progress.attempted(before, exercise.address, now()))
    return result


def note(root: Path, change: Callable[[Progress], Progress]) -> str:
    """Change the progress document; return a message for the learner when it had to be set aside, else nothing."""
    return progress_file.update(progress_path(root), change).message


def hint(root: Path, exercise: Exercise, number: int | None = None) -> tuple[int, str]:
    """Return the hint of this number, or the first that was not taken yet (the last, when all were)."""
    taken = progress.seen(progress_file.load(progress_path(root)).progress, exercise.address).hints
    number = min(number or taken + 1, len(exercise.hints))
    note(root, lambda before: progress.hint_taken(before, exercise.address, now(), number))
    return number, exercise.hints[number - 1]


def reset(root: Path, exercise: Exercise) -> Path | None:
    """Put the learner's text aside and the starter in its place; return where the text is, None if there was none."""
    path = answer_path(root, exercise)
    aside = None
    if not untouched(root, exercise):
        aside = _aside(root, exercise, len(_put_aside(root, exercise)) + 1)
        aside.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, aside)
    path.unlink(missing_ok=True)
    prepare(root, exercise)
    note(root, lambda before: progress.reset(before, exercise.address, now()))
    return aside


def undo_reset(root: Path, exercise: Exercise) -> Path | None:
    """Bring the text of the latest reset back; the text in its place is put aside in turn. None: nothing to undo."""
    saved = _put_aside(root, exercise)
    if not saved:
        return None
    path, kept = answer_path(root, exercise), None
    if not untouched(root, exercise):
        kept = _aside(root, exercise, len(saved) + 1)
        os.replace(path, kept)
    os.replace(saved[-1], path)
    if kept:
        os.replace(kept, saved[-1])
    note(root, lambda before: progress.undo_reset(before, exercise.address, now()))
    return path


def _aside(root: Path, exercise: Exercise, number: int) -> Path:
    return root / FOLDER / ASIDE / f"{exercise.address}.{number}{exercise.suffix}"


def _put_aside(root: Path, exercise: Exercise) -> list[Path]:
    """Return the texts put aside, the latest last."""
    numbered = (_aside(root, exercise, number) for number in count(1))
    return list(takewhile(Path.exists, numbered))


def unfinished(root: Path) -> list[Exercise]:
    """Return the exercises that were not passed yet, in the order of the course."""
    document = progress_file.load(progress_path(root)).progress
    return [load(root, address) for address in in_order(root)
            if progress.seen(document, address).status != "passed"]
