"""What is to be proven: the folders below `exercises/` and the work that each of them makes."""

import re
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from course.check import exercise, lab, predict_answer, quiz, runner
from course.check.cut import CutError
from course.check.exercise import SLUG, Exercise, ExerciseError
from course.check.lab import Lab
from course.check.nursery import Nursery
from course.check.quiz import QuizError
from course.check.runner import ChecksError, Resource
from course.proof import examples, trials
from course.proof.findings import Case, Outcome, line
from course.proof.new_exercise import author_notes
from course.proof.patches import PatchError
from course.proof.trials import Trial
from course.services.child import ServiceError
from course.services.scratch import resources

QUIZ = "quiz.md"
PREDICTED = Path("build") / "predict"  # what the programs of quizzes print, by hash


class ProveError(ValueError):
    """There is nothing of the name that was asked for; the message lists what there is."""


@dataclass(frozen=True)
class Plan:
    """What one entry below `exercises/` asks for: `jobs` can run at the same time; `faults` are known already."""

    name: str
    task: Exercise | Lab | None = None
    jobs: tuple[Callable[[], Outcome | Case], ...] = ()
    faults: tuple[str, ...] = ()


def plans(root: Path, chosen: Iterable[str], nursery: Nursery) -> list[Plan]:
    """Return a plan for each entry that `chosen` names, for all without names. Raises ProveError."""
    return [_plan(root, name, path, nursery) for name, path in _select(root, chosen)]


def _select(root: Path, chosen: Iterable[str]) -> list[tuple[str, Path]]:
    entries = {_name(root, path): path for path in sorted((root / "exercises").glob("*/*")) if _counts(path)}
    entries |= {_name(root, path): path for path in (root / "exercises").glob("*") if _counts(path) and path.is_file()}
    picked: set[str] = set()
    for wish in chosen:
        address = wish.replace("\\", "/").removeprefix("exercises/").removesuffix("/").removesuffix(".md")
        found = {name for name in entries if name == address or name.startswith(f"{address}/")}
        if not found:
            known = ", ".join(sorted(entries)) or "none"
            raise ProveError(f"no lesson, exercise or quiz is called {wish!r}; there are: {known}")
        picked |= found
    return [(name, path) for name, path in sorted(entries.items()) if name in picked or not picked]


def _counts(path: Path) -> bool:
    """Whether an entry is the course's, and not left by a tool."""
    return not path.name.startswith(".") and path.name != "__pycache__"


def _name(root: Path, path: Path) -> str:
    name = path.relative_to(root / "exercises").as_posix()
    return name.removesuffix(".md") if path.name == QUIZ else name


def _plan(root: Path, name: str, path: Path, nursery: Nursery) -> Plan:
    if path.name == QUIZ and path.is_file():
        return Plan(name, jobs=(partial(_quiz, root, name, path),))
    if not path.is_dir() or not ((path / "task.md").is_file() or (path / lab.TASK).is_file()):
        return Plan(name, faults=(f"{path}: no exercise (task.md), no lab (lab.md) and no quiz.md; complete it, or "
                                  "take it out",))
    if not all(re.fullmatch(SLUG, part) for part in name.split("/")):
        return Plan(name, faults=(f"{path}: a name is small letters, digits and _, and begins with a letter; "
                                  "rename it",))
    try:
        task = exercise.read(path, name) if (path / "task.md").is_file() else lab.read(path, name)
        answers = list(trials.of_exercise(task) if isinstance(task, Exercise) else trials.of_lab(task))
    except (ExerciseError, CutError) as error:
        return Plan(name, faults=(line(str(error)),))
    except UnicodeDecodeError as error:
        return Plan(name, faults=(_not_utf_8(path, error),))
    return Plan(name, task, tuple(partial(_try, task, trial, nursery) for trial in answers))


def _try(task: Exercise | Lab, trial: Trial, nursery: Nursery) -> Outcome:
    """Put the answer into a folder of its own and check it there."""
    start, result, problem = time.monotonic(), None, ""
    checks, handed_in = task.checks, dict[str, Resource](resources(task.folder, task.needs))
    if trial.kind == "examples":
        checks, handed_in = Path(examples.__file__), {"blocks": lambda: nullcontext(trial.blocks)}
    with tempfile.TemporaryDirectory(prefix="course_prove_", ignore_cleanup_errors=True) as folder:
        try:
            result = runner.run(task.address, checks, trial.make(Path(folder)), handed_in, nursery,
                                to_first_problem=trial.kind == "wrong")  # what is judged of it, see prove_answers
        except PatchError as error:
            problem = f"{trial.path}: {error}"
        except ChecksError as error:
            problem = f"{line(str(error))}; repair the checks"
        except ServiceError as error:
            problem = line(str(error))
            if not problem.startswith(str(task.folder)):  # not about its setup.sql
                problem = f"{task.folder}: {problem}"
    return Outcome(task.address, trial, result, time.monotonic() - start, problem)


def _quiz(root: Path, name: str, path: Path) -> Case:
    """Read a quiz and compute the answers of its predictions."""
    start = time.monotonic()
    try:
        predict_answer.answered(quiz.parse(path.read_text(encoding="utf-8"), path), root / PREDICTED)
    except QuizError as error:
        return Case(name, tuple(map(str, error.faults)), time.monotonic() - start)
    except UnicodeDecodeError as error:
        return Case(name, (_not_utf_8(path, error),), time.monotonic() - start)
    return Case(name, tuple(author_notes(path)), time.monotonic() - start)


def _not_utf_8(path: Path, error: UnicodeDecodeError) -> str:
    where = "one of its files is" if path.is_dir() else "it is"
    return f"{path}: {where} not UTF-8 ({error}); save it as UTF-8"
