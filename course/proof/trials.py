"""The answers with which an exercise or a lab is proven, and what each of the wrong ones promises."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from course.check.exercise import Exercise
from course.check.lab import Lab
from course.proof import markdown, patches

Kind = Literal["starter", "solution", "right", "wrong", "examples"]
COMMENTS = {".py": "# ", ".yaml": "# ", ".sql": "-- ", ".patch": "", ".sh": "# "}
EXAMPLE = re.compile(r"^[ \t]*>>> ", re.M)


@dataclass(frozen=True)
class Promise:
    """What a wrong answer says of itself: which check catches it first, and with what words."""

    caught_by: str
    says: str


@dataclass(frozen=True)
class Trial:
    """One answer to be checked.

    `path` is the file that a fault names, `label` what progress shows; `make` puts the answer into a folder and
    returns where it is; `blocks` are the examples of the statement, of the kind `examples` only.
    """

    kind: Kind
    path: Path
    label: str
    make: Callable[[Path], Path]
    promise: Promise | None = None
    blocks: tuple[tuple[int, str], ...] = ()


def statement(task: Path) -> str:
    """Return the Markdown of a `task.md` or `lab.md`, its front matter blanked, so that lines keep their numbers."""
    lines = task.read_text(encoding="utf-8").splitlines()
    end = lines.index("---", 1) + 1
    return "\n".join([""] * end + lines[end:]) + "\n"


def promise(text: str, suffix: str) -> Promise | None:
    """Read the first two lines of a wrong answer, `caught by: NAME` and `says: WORDS`, in comments of its language."""
    mark = re.escape(COMMENTS[suffix])
    head = re.match(rf"{mark}caught by: (\w+)[ \t]*\n{mark}says: (\S.*)\n", text)
    return Promise(head[1], head[2].strip()) if head else None


def listed(folder: Path, suffix: str) -> list[Path]:
    """Return the files with this suffix in `folder`, by name; none when there is no such folder."""
    return sorted(path for path in folder.glob(f"*{suffix}") if path.is_file())


def of_exercise(exercise: Exercise) -> Iterator[Trial]:
    """Yield starter, solution (twice), right and wrong answers, and the examples. Raises CutError."""
    source = exercise.folder / f"solution{exercise.suffix}"

    def writer(text: str) -> Callable[[Path], Path]:
        return lambda folder: _written(text, folder / f"{exercise.name}{exercise.suffix}")  # named as the learner's

    yield Trial("starter", source, "starter", writer(exercise.starter))
    for label in (source.name, f"{source.name}, again"):
        yield Trial("solution", source, label, writer(exercise.solution))
    for path in listed(exercise.folder / "right", exercise.suffix):
        yield Trial("right", path, f"right/{path.name}", writer(path.read_text(encoding="utf-8")))
    for path in listed(exercise.folder / "wrong", exercise.suffix):
        text = path.read_text(encoding="utf-8")
        yield Trial("wrong", path, f"wrong/{path.name}", writer(text), promise(text, exercise.suffix))
    yield from _examples(exercise.folder / "task.md", writer(exercise.solution))


def of_lab(lab: Lab) -> Iterator[Trial]:
    """Yield starter, reference (twice), the reference with each patch of `wrong/`, and the examples."""
    yield Trial("starter", lab.starter, "starter", lambda folder: _copied(lab.starter, folder))
    for label in ("reference", "reference, again"):
        yield Trial("solution", lab.reference, label, lambda folder: _copied(lab.reference, folder))
    for path in listed(lab.folder / "wrong", ".patch"):
        text = path.read_text(encoding="utf-8")
        yield Trial("wrong", path, f"wrong/{path.name}", _patcher(lab.reference, text), promise(text, ".patch"))
    yield from _examples(lab.folder / "lab.md", lambda folder: _copied(lab.reference, folder))


def _examples(task: Path, make: Callable[[Path], Path]) -> Iterator[Trial]:
    found = tuple((block.line, block.code) for block in markdown.blocks(statement(task)) if EXAMPLE.search(block.code))
    if found:
        yield Trial("examples", task, f"{task.name}, its examples", make, blocks=found)


def _written(text: str, path: Path) -> Path:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _copied(source: Path, folder: Path) -> Path:
    """Copy a lab's folder: what Python compiles beside its files must not land in the course."""
    return Path(shutil.copytree(source, folder / "lab", ignore=shutil.ignore_patterns("__pycache__")))


def _patcher(reference: Path, patch: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        lab = _copied(reference, folder)
        patches.apply(patch, lab)
        return lab
    return make


def tidy(folder: Path, allowed: set[str], suffixes: dict[str, str]) -> Iterator[Path]:
    """Yield what does not belong into a folder.

    `allowed` are the names at its top; `suffixes` says for each of its folders what the files in it end with. What
    tools leave (`__pycache__`, names that begin with a dot) is passed over.
    """
    for path in _entries(folder):
        if path.name not in allowed and path.name not in suffixes:
            yield path
        elif path.name in suffixes:
            inside = _entries(path) if path.is_dir() else [path]
            yield from (inner for inner in inside if inner.suffix != suffixes[path.name] or inner.is_dir())


def _entries(folder: Path) -> list[Path]:
    return [folder / name for name in sorted(os.listdir(folder)) if name != "__pycache__" and name[0] != "."]
