"""Which exercise a learner means: an address, its last part, or the path of a file in `work/`."""

import difflib
from pathlib import Path

from course.check import exercise, reading_order, work
from course.check.exercise import Exercise, ExerciseError


def find(root: Path, name: str | None) -> Exercise | None:
    """Return the exercise called `name`; the next that is not passed for a lesson's name, or of all without a name.

    None when all are passed. Raises ExerciseError when the name means none, or more than one.
    """
    if name is None or name in lessons(root):
        return next((task for task in work.unfinished(root) if name in (None, lesson_of(task))), None)
    known = reading_order.in_order(root)
    wanted = _address(root, name)
    found = [address for address in known if wanted in (address, address.rpartition("/")[2])]
    if len(found) == 1:
        return exercise.load(root, found[0])
    if found:
        raise ExerciseError(f"{name!r} is in several lessons: name one of {', '.join(found)}")
    names = [*known, *(address.rpartition("/")[2] for address in known)]
    near = [other for other in names if other.startswith(wanted)] or difflib.get_close_matches(wanted, names, 1)
    raise ExerciseError(f"there is no exercise {name!r}" + (f"; is it {near[0]}?" if near else ".")
                        + " `course list` shows them all.")


def lesson_of(task: Exercise) -> str:
    """Return the name of the exercise's lesson."""
    return task.address.partition("/")[0]


def lessons(root: Path) -> list[str]:
    """Return the lessons that have exercises, in the order of the course."""
    return list(dict.fromkeys(address.partition("/")[0] for address in reading_order.in_order(root)))


def of_lesson(root: Path, lesson: str | None) -> list[Exercise]:
    """Return the exercises of a lesson, of all lessons without one. Raises ExerciseError for a lesson without any."""
    known = [exercise.load(root, address) for address in reading_order.in_order(root)]
    found = [task for task in known if lesson in (None, lesson_of(task))]
    if not found and lesson is not None:
        raise ExerciseError(f"no lesson {lesson!r} has exercises; there are {', '.join(lessons(root))}")
    return found


def _address(root: Path, name: str) -> str:
    """Return what may be an address: that of a file in `work/` or in `exercises/`, or the name itself."""
    path = Path(name).resolve()
    for folder in (root / work.FOLDER, root / "exercises"):
        if path.is_relative_to(folder) and path != folder:
            return "/".join(path.relative_to(folder).with_suffix("").parts[:2])
    return name.strip("/")
