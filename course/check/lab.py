"""A lab, read from its folder: a task whose answer is a folder of several files."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from course.check.exercise import SLUG, ExerciseError, read_head, read_hints

TASK = "lab.md"
PARTS = ("starter", "reference")


@dataclass(frozen=True)
class Lab:
    """One lab. `address` is `<lesson>/<name>`; `needs`, `statement` and `hints` are as in an exercise."""

    address: str
    folder: Path
    title: str
    minutes: int
    points: int
    needs: tuple[str, ...]
    statement: str
    hints: tuple[str, ...]

    @property
    def name(self) -> str:
        """The last part of the address."""
        return self.address.rpartition("/")[2]

    @property
    def checks(self) -> Path:
        """The file with the checks."""
        return self.folder / "checks.py"

    @property
    def starter(self) -> Path:
        """The folder with what the learner begins with."""
        return self.folder / "starter"

    @property
    def reference(self) -> Path:
        """The folder with a right answer."""
        return self.folder / "reference"

    @cached_property
    def fingerprint(self) -> str:
        """A hash that changes when what is asked or checked changes, so that an older pass can be told."""
        parts = [self.statement, self.checks.read_text(encoding="utf-8")]
        parts += [text for file in files(self.starter)
                  for text in (file.relative_to(self.starter).as_posix(), file.read_text("utf-8", "surrogateescape"))]
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def files(folder: Path) -> list[Path]:
    """Return the files of a lab's folder in order, without what Python compiles beside them."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def load(root: Path, address: str) -> Lab:
    """Read the lab `<lesson>/<name>` of the course at `root`. Raises ExerciseError."""
    folder = root / "exercises" / address
    parts = address.split("/")
    if len(parts) != 2 or not all(map(SLUG.fullmatch, parts)) or not (folder / TASK).is_file():
        known = ", ".join(other for other in addresses(root) if other.split("/")[0] == parts[0])
        raise ExerciseError(f"there is no lab {address!r}" + (f": this lesson has {known}" if known else
                            f": it would be {folder / TASK}"))
    return read(folder, address)


def addresses(root: Path) -> Iterator[str]:
    """Yield the address of every lab, by lesson and name."""
    for task in sorted((root / "exercises").glob(f"*/*/{TASK}")):
        yield task.parent.relative_to(root / "exercises").as_posix()


def read(folder: Path, address: str) -> Lab:
    """Read a lab from its folder. Raises ExerciseError."""
    head = read_head(folder / TASK)
    for part in PARTS:
        if not (folder / part).is_dir() or not files(folder / part):
            raise ExerciseError(f"{folder / part}: missing or empty; a lab has `starter/`, what the learner begins "
                                "with, and `reference/`, a right answer")
    if not (folder / "checks.py").is_file():
        raise ExerciseError(f"{folder / 'checks.py'}: missing; write at least one function with @check")
    hints = folder / "hints.md"
    return Lab(address, folder, head.title, head.minutes, head.points, head.needs, head.statement,
               read_hints(hints) if hints.is_file() else ())
