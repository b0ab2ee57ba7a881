"""An exercise, read from its folder: the one source from which page, Jupyter, terminal and proof are made."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from course.check import front_matter
from course.check.cut import cut
from course.check.front_matter import FrontMatterError

KEYS = frozenset({"title", "minutes", "points", "needs"})
NEEDS = ("kernel", "postgres")
HINTS = ("A nudge", "A direction", "Almost there")
LANGUAGES = {".py": "python", ".sql": "sql", ".yaml": "yaml", ".sh": "bash"}
SLUG = re.compile(r"[a-z][a-z0-9_]*")


class ExerciseError(ValueError):
    """The exercise does not exist or its folder is not as it must be; the message names the file and what to do."""


@dataclass(frozen=True)
class Exercise:
    """One exercise. `address` is `<lesson>/<name>`; `needs` are words of NEEDS; `statement` is Markdown.

    `hints` go from a nudge to almost the solution; `solution` is marked (see `cut`), `suffix` says what it is.
    """

    address: str
    folder: Path
    title: str
    minutes: int
    points: int
    needs: tuple[str, ...]
    statement: str
    hints: tuple[str, ...]
    suffix: str
    marked: str

    @property
    def name(self) -> str:
        """The last part of the address."""
        return self.address.rpartition("/")[2]

    @property
    def checks(self) -> Path:
        """The file with the checks."""
        return self.folder / "checks.py"

    @property
    def language(self) -> str:
        """What the answer is written in, as highlighters name it."""
        return LANGUAGES[self.suffix]

    @property
    def runs_in_page(self) -> bool:
        """Whether the checks need nothing that only a machine has."""
        return not self.needs

    @cached_property
    def starter(self) -> str:
        """What the learner begins with."""
        return cut(self.marked, f"{self.folder / 'solution'}{self.suffix}").starter

    @cached_property
    def solution(self) -> str:
        """A right answer, without the marks."""
        return cut(self.marked, f"{self.folder / 'solution'}{self.suffix}").solution

    @cached_property
    def fingerprint(self) -> str:
        """A hash that changes when what is asked or checked changes, so that an older pass can be told."""
        whole = "\0".join((self.statement, self.starter, self.checks.read_text(encoding="utf-8")))
        return hashlib.sha256(whole.encode()).hexdigest()[:16]


def load(root: Path, address: str) -> Exercise:
    """Read the exercise `<lesson>/<name>` of the course at `root`. Raises ExerciseError."""
    folder = root / "exercises" / address
    if not re.fullmatch(f"{SLUG.pattern}/{SLUG.pattern}", address) or not (folder / "task.md").is_file():
        known = ", ".join(sorted(other for other in addresses(root) if other.split("/")[0] == address.split("/")[0]))
        raise ExerciseError(f"there is no exercise {address!r}" + (f": this lesson has {known}" if known else
                            f": it would be {folder / 'task.md'}"))
    return read(folder, address)


def addresses(root: Path) -> Iterator[str]:
    """Yield the address of every exercise, by lesson and name."""
    for task in sorted((root / "exercises").glob("*/*/task.md")):
        yield task.parent.relative_to(root / "exercises").as_posix()


def read(folder: Path, address: str) -> Exercise:
    """Read an exercise from its folder. Raises ExerciseError."""
    head = read_head(folder / "task.md")
    solution = _solution(folder)
    return Exercise(address, folder, head.title, head.minutes, head.points, head.needs, head.statement,
                    read_hints(folder / "hints.md"), solution.suffix, solution.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Head:
    """What `task.md`, or `lab.md`, says: its front matter and the statement beneath."""

    title: str
    minutes: int
    points: int
    needs: tuple[str, ...]
    statement: str


def read_head(task: Path) -> Head:
    """Read `task.md` or `lab.md`. Raises ExerciseError."""
    try:
        values, statement = front_matter.split(task, KEYS)
        minutes, points = (front_matter.number(values, key, task) for key in ("minutes", "points"))
    except FrontMatterError as error:
        raise ExerciseError(str(error)) from None
    needs = tuple(values.get("needs", "").split())
    if unknown := set(needs) - set(NEEDS):
        raise ExerciseError(f"{task}:1: `needs:` knows {' and '.join(NEEDS)}, not {', '.join(sorted(unknown))}")
    if "title" not in values or not statement.strip():
        raise ExerciseError(f"{task}:1: it must have a `title: ...` and a statement beneath the front matter")
    return Head(values["title"], minutes, points, needs, statement)


def _solution(folder: Path) -> Path:
    found = [folder / f"solution{suffix}" for suffix in LANGUAGES if (folder / f"solution{suffix}").is_file()]
    if len(found) != 1 or not (folder / "checks.py").is_file():
        raise ExerciseError(f"{folder}: it must hold checks.py and exactly one of "
                            f"{', '.join(f'solution{suffix}' for suffix in LANGUAGES)}")
    return found[0]


def read_hints(path: Path) -> tuple[str, ...]:
    """Return the hints: sections headed as in HINTS, in that order. Raises ExerciseError."""
    if not path.is_file():
        raise ExerciseError(f"{path}: missing; write up to three hints under {', '.join(f'`## {h}`' for h in HINTS)}")
    heads = re.split(r"^## (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    titles, texts = tuple(heads[1::2]), tuple(text.strip() for text in heads[2::2])
    if heads[0].strip() or not titles or titles != HINTS[:len(titles)] or not all(texts):
        raise ExerciseError(f"{path}: its sections must be {', '.join(f'`## {h}`' for h in HINTS)}, in this order, "
                            "each with a text (later ones may be left out), and nothing before the first")
    return texts
