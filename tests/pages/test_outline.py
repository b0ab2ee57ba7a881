"""What the outline promises is taught where `book/outline.yml` says, or planned."""

from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from course import repository
from course.site import curriculum

ROOT = repository.root(Path(__file__).parent)
PROMISED = yaml.safe_load((ROOT / "book" / "outline.yml").read_text(encoding="utf-8"))
PLACES = sorted({(tier, place) for tier, items in PROMISED.items() for places in items.values() for place in places})


def planned() -> set[str]:
    """The pages of all lessons, finished or planned, and the other pages that the book has."""
    lessons = {lesson.page for tier in curriculum.read(ROOT, set()).tiers
               for subject in tier.subjects for lesson in subject.lessons}
    return lessons | {page.relative_to(ROOT).with_suffix("").as_posix()
                      for folder in ("cheatsheets", "book") for page in (ROOT / folder).glob("*.md")}


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(("tier", "place"), PLACES)
def test_a_promise_leads_to_a_section_of_a_lesson_or_to_a_planned_one(tier: str, place: str) -> None:
    page, _, section = place.partition("#")
    assert page in planned(), f"{page}, of {tier}, is not in book/curriculum.yml"
    built = ROOT / "_build" / "html" / f"{page}.html"
    if not built.is_file():
        assert not section, f"{page} has no page yet"
        return
    assert section, f"{page} is finished: name the section that keeps the promise"
    assert BeautifulSoup(built.read_text(encoding="utf-8"), "html.parser").find(id=section), f"{page} has no #{section}"


def test_each_finished_lesson_keeps_a_promise() -> None:
    kept = {place.partition("#")[0] for _, place in PLACES}
    finished = {page for page in planned() if (ROOT / f"{page}.ipynb").is_file()}
    assert finished <= kept, "name in book/outline.yml what these teach"


def test_each_sheet_keeps_a_promise() -> None:
    kept = {place.partition("#")[0] for _, place in PLACES}
    sheets = {f"cheatsheets/{page.stem}" for page in (ROOT / "cheatsheets").glob("*.md")}
    assert sheets <= kept, "name in book/outline.yml what these say"
