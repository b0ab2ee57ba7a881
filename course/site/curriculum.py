"""What the course teaches and how long it takes: `book/curriculum.yml`, and what finished lessons say. No Sphinx here.

A lesson that is a page of the book has the title and the minutes of its notebook and the minutes of its exercises.
For one that is planned, exercises are taken to be as long for its size as those of the finished lessons.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import yaml

from course.check import exercise
from course.site import notebooks

FILE = Path("book") / "curriculum.yml"
HOUR, STEP = 60, 5  # minutes; estimates are rounded to so many
MANY = 20  # hours of which halves say nothing
ALIKE = 1.0  # how long exercises are for each minute of a lesson, where no lesson is finished


@dataclass(frozen=True)
class Lesson:
    """A lesson, a lab or the exam. `minutes` without exercises; `written`: it is a page of the book."""

    page: str
    title: str
    minutes: int
    exercises: int
    written: bool

    @property
    def total(self) -> int:
        """Its minutes, exercises included."""
        return self.minutes + self.exercises


@dataclass(frozen=True)
class Subject:
    """A line of the founding document, and the lessons on it."""

    about: str
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True)
class Tier:
    """A tier."""

    number: int
    folder: str
    title: str
    about: str
    subjects: tuple[Subject, ...]
    lab: Lesson

    @property
    def name(self) -> str:
        """What it is called in each heading, list and card: `Tier 1: Foundations`."""
        return f"Tier {self.number}: {self.title}"

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """All its lessons, in order."""
        return tuple(lesson for subject in self.subjects for lesson in subject.lessons)

    @property
    def steps(self) -> tuple[Lesson, ...]:
        """All that takes time: the lessons and the lab."""
        return (*self.lessons, self.lab)


@dataclass(frozen=True)
class Course:
    """The whole of it."""

    tiers: tuple[Tier, ...]
    exam: Lesson

    @property
    def steps(self) -> tuple[Lesson, ...]:
        """All that takes time, in the order of reading."""
        return (*(step for tier in self.tiers for step in tier.steps), self.exam)


def read(root: Path, pages: Collection[str]) -> Course:
    """Return the course of the book in `root` with these pages. Raises ValueError that names what is missing."""
    path = root / FILE
    try:
        plan = yaml.safe_load(path.read_text(encoding="utf-8"))
        ratio = _ratio(root, plan, pages)
        tiers = tuple(_tier(root, number, tier, pages, ratio) for number, tier in enumerate(plan["tiers"], 1))
        return Course(tiers, _step(plan["exam"]["page"], plan["exam"], pages))
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise ValueError(f"{FILE.as_posix()}: {error!r}; compare it with the entries beside it") from error


def planned(root: Path) -> dict[str, tuple[str, ...]]:
    """Return the pages that each tier plans, by its folder: its lessons, then its lab; none without a plan."""
    if not (root / FILE).is_file():
        return {}
    plan = yaml.safe_load((root / FILE).read_text(encoding="utf-8"))
    return {tier["folder"]: tuple(f"{tier['folder']}/{entry['name']}" for entry in (
        *(one for subject in tier["subjects"] for one in subject["lessons"]), tier["lab"])) for tier in plan["tiers"]}


def readiness(root: Path, page: str) -> str | None:
    """Return "Tier 1" for the page that tells who is ready for it: one of its folder that is no lesson and no lab."""
    for number, (folder, pages) in enumerate(planned(root).items(), 1):
        if page.startswith(f"{folder}/") and page not in pages:
            return f"Tier {number}"
    return None


def _tier(root: Path, number: int, tier: dict[str, Any], pages: Collection[str], ratio: float) -> Tier:
    folder = tier["folder"]
    subjects = tuple(Subject(one["about"], tuple(_lesson(root, f"{folder}/{entry['name']}", entry, pages, ratio)
                                                 for entry in one["lessons"])) for one in tier["subjects"])
    return Tier(number, folder, tier["title"], tier["about"], subjects,
                _step(f"{folder}/{tier['lab']['name']}", tier["lab"], pages))


def _lesson(root: Path, page: str, entry: dict[str, Any], pages: Collection[str], ratio: float) -> Lesson:
    if page in pages and (path := root / f"{page}.ipynb").is_file():
        title, minutes = _said(path)
        return Lesson(page, title, minutes, practice(root, page), written=True)
    return Lesson(page, entry["title"], entry["minutes"], STEP * round(entry["minutes"] * ratio / STEP), written=False)


def _step(page: str, entry: dict[str, Any], pages: Collection[str]) -> Lesson:
    return Lesson(page, entry["title"], entry["minutes"], 0, page in pages)


def _said(path: Path) -> tuple[str, int]:
    """Return the title and the minutes that a notebook gives."""
    content = json.loads(path.read_text(encoding="utf-8"))
    lesson, title = notebooks.parse(content), notebooks.source(content["cells"][0]).split("\n")[0]
    return title.removeprefix("# ").strip(), lesson.minutes if lesson else 0


def practice(root: Path, page: str) -> int:
    """Return the minutes of a lesson's exercises."""
    name = page.rpartition("/")[2]
    return sum(exercise.load(root, one).minutes for one in exercise.addresses(root) if one.startswith(f"{name}/"))


def _ratio(root: Path, plan: dict[str, Any], pages: Collection[str]) -> float:
    """Return the minutes of exercises for each minute of a lesson, in the finished ones."""
    found = [page for tier in plan["tiers"] for subject in tier["subjects"] for entry in subject["lessons"]
             if (page := f"{tier['folder']}/{entry['name']}") in pages and (root / f"{page}.ipynb").is_file()]
    read_in = sum(_said(root / f"{page}.ipynb")[1] for page in found)
    return sum(practice(root, page) for page in found) / read_in if read_in else ALIKE


def weeks(minutes: Iterable[int], hours: int) -> Iterator[tuple[int, int]]:
    """Yield the first and the last week in which each step is done, at so many hours a week."""
    week, before = hours * HOUR, 0
    for after in accumulate(minutes):
        yield before // week + 1, -(-after // week)
        before = after


def in_hours(minutes: int) -> str:
    """Return minutes in hours: "1 hour", to the half "11½ hours", from twenty hours on to the whole "28 hours"."""
    halves = round(minutes / (HOUR / 2)) if minutes < MANY * HOUR else 2 * round(minutes / HOUR)
    words = f"{halves // 2 or ''}{'½' if halves % 2 else ''}" or "0"
    return f"{words} hour{'s' * (halves > 2 or halves == 0)}"
