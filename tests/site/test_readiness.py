"""The check before a tier: no lesson in the sums, its first tries counted, and what to read for those that failed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import synthetic_book
from playwright.sync_api import Browser, Page, expect

from course.check import progress
from course.site import curriculum

PATH, OVERVIEW = "book/learning_path.html", "book/progress.html"
READY = "tiers/1_foundations/ready_for_foundations"
AT, LATER = "2026-03-01T10:00:00Z", "2026-03-01T10:05:00Z"


@pytest.fixture(scope="module")
def questions(site: Path) -> list[str]:
    """The addresses of the ten questions."""
    check = next(lesson for lesson in lessons(site) if lesson["page"] == f"{READY}.html")
    return [one["address"] for one in check["questions"]]  # type: ignore[attr-defined]


def parts(site: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((site / "_static/run/course.json").read_text(encoding="utf-8"))["parts"]
    return found


def lessons(site: Path) -> Iterator[dict[str, object]]:
    for part in parts(site):
        yield from part["lessons"]  # type: ignore[misc]


def test_the_plan_tells_a_check_from_a_lesson(site: Path) -> None:
    checks = {lesson["page"]: lesson["ready"] for lesson in lessons(site) if lesson["ready"]}
    assert checks == {f"{READY}.html": "Tier 1"}
    plan = curriculum.read(synthetic_book.ROOT, set())
    planned = [len(tier.lessons) for tier in plan.tiers]
    assert [part["planned"] for part in parts(site)] == planned[:len(parts(site))]


def answers(questions: list[str], missed: int, again: bool = True) -> progress.Progress:
    """All answered, the first `missed` wrong at first and right later."""
    made = progress.Progress()
    for number, address in enumerate(questions):
        made = progress.answered(made, address, AT, number >= missed)
        if number < missed and again:
            made = progress.answered(made, address, LATER, True)
    return made


def opened(browser: Browser, address: str, where: str, made: progress.Progress) -> Page:
    page = browser.new_page()
    page.goto(address + where)
    course = f"course /{address.split('/', 3)[3]} progress"
    for key, text in ((course, progress.dump(made)), ("returning", "yes")):
        page.evaluate("([key, text]) => localStorage.setItem(key, text)", [key, text])
    page.reload(wait_until="networkidle")
    return page


@pytest.mark.browser
def test_the_bar_of_a_tier_counts_its_lessons_only(browser: Browser, address: str, questions: list[str]) -> None:
    page = opened(browser, address, PATH, answers(questions, 2))
    tier = page.locator(".path-progress").first
    expect(tier.get_by_role("img")).to_have_attribute("aria-label", "0 % done")
    words = "0 of 1 finished lesson read (10 are planned), 0 of 5 exercises passed"
    expect(tier.locator(".progress-sum")).to_contain_text(words)
    expect(tier.locator(".progress-check")).to_have_text("Ready for Tier 1? 8 of 10 right at the first try.")
    page.goto(address + OVERVIEW)
    part = page.locator(".progress-part").first
    expect(part.get_by_role("img")).to_have_attribute("aria-label", "0 % done")
    expect(part.locator(".progress-check")).to_have_text("Ready for Tier 1? 8 of 10 right at the first try.")
    assert part.locator("li").count() == 1
