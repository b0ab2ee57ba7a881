"""The check before a tier: no lesson in the sums, its first tries counted, and what to read for those that failed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import synthetic_book
from playwright.sync_api import Browser, Page, expect
from visits import first_tier, returning

from course.check import progress
from course.site import curriculum

HOME, PATH, OVERVIEW = "book/index.html", "book/learning_path.html", "book/progress.html"
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
    tiers = [part["planned"] for part in parts(site) if str(part["title"]).startswith("Tier ")]
    assert tiers == planned[:len(tiers)]
    assert [part["title"] for part in parts(site) if not part["planned"]] == ["Cheatsheets"]


def answers(questions: list[str], missed: int, again: bool = True) -> progress.Progress:
    """All answered, the first `missed` wrong at first and right later."""
    made = progress.Progress()
    for number, address in enumerate(questions):
        made = progress.answered(made, address, AT, number >= missed)
        if number < missed and again:
            made = progress.answered(made, address, LATER, True)
    return made


@pytest.mark.browser
def test_the_bar_of_a_tier_counts_its_lessons_only(browser: Browser, address: str, questions: list[str]) -> None:
    page = returning(browser, address, PATH, answers(questions, 2))
    tier = page.locator(".path-progress").first
    expect(tier.get_by_role("img")).to_have_attribute("aria-label", "0 % done")
    lessons, words = first_tier()
    expect(tier.locator(".progress-sum")).to_contain_text(f"0 {words}")
    expect(tier.locator(".progress-check")).to_have_text("Ready for Tier 1? 8 of 10 right at the first try.")
    page.goto(address + OVERVIEW)
    part = page.locator(".progress-part").first
    expect(part.get_by_role("img")).to_have_attribute("aria-label", "0 % done")
    expect(part.locator(".progress-check")).to_have_text("Ready for Tier 1? 8 of 10 right at the first try.")
    assert part.locator("li").count() == len(lessons) + 1  # and the lab


@pytest.mark.browser
def test_the_first_page_says_what_became_of_it_and_leads_on(
        browser: Browser, address: str, questions: list[str]) -> None:
    page = browser.new_page()
    page.goto(f"{address}{first_tier()[0][0]}.html")
    title = page.locator("h1").inner_text().strip("#\n ")
    page = returning(browser, address, HOME, answers(questions, 0))
    card = page.get_by_role("region", name="Continue")
    expect(card.locator(".continue-last")).to_have_text(f"Next lesson: {title}")
    expect(card.locator(".continue-state")).to_have_text("Ready for Tier 1? 10 of 10 right at the first try.")
    now = datetime.now(UTC)
    missed = progress.answered(answers(questions, 0), questions[0], f"{now:%Y-%m-%dT%H:%M:%SZ}", False)
    page = returning(browser, address, HOME, missed)
    expect(page.locator(".continue-state")).to_contain_text("1 question comes back tomorrow.")


# ---- The verdict at its foot ----

def foot(page: Page) -> str:
    page.mouse.wheel(0, 100)
    box = page.locator(".lesson-progress")
    expect(box.locator(".lesson-standing")).not_to_be_empty()
    return " ".join(box.inner_text().split())


@pytest.mark.browser
def test_eight_of_ten_are_enough_and_the_rest_is_named(browser: Browser, address: str, questions: list[str]) -> None:
    words = foot(returning(browser, address, f"{READY}.html", answers(questions, 2)))
    assert words.startswith("8 of 10 right at the first try: you are ready for Tier 1.")
    assert "Functions and their arguments; What changes, and for whom: Defining functions" in words


@pytest.mark.browser
def test_with_fewer_it_says_what_to_read_and_the_questions_can_be_answered_anew(
        browser: Browser, address: str, questions: list[str]) -> None:
    page = returning(browser, address, f"{READY}.html", answers(questions, 3))
    assert foot(page).startswith("7 of 10 right at the first try. Read first:")
    items = page.locator(".lesson-progress li")
    assert items.count() == 2
    assert items.last.get_by_role("link").count() == 1
    page.get_by_role("button", name="Answer all of them anew").click()
    expect(page.locator(".lesson-standing")).to_have_text("Not answered yet.")
    page.locator("course-quiz input").first.check()
    page.locator("course-quiz .quiz-check").first.click()
    expect(page.locator(".lesson-standing")).to_contain_text("1 of 10 answered, ")


@pytest.mark.browser
def test_the_table_of_what_to_read_speaks_of_each_question(
        browser: Browser, address: str, questions: list[str]) -> None:
    page = returning(browser, address, f"{READY}.html", answers(questions, len(questions)))
    assert foot(page).startswith("0 of 10 right at the first try. Read first:")
    heads = page.locator("section:has(> course-quiz) > :is(h2, h3)")
    titles = heads.evaluate_all("all => all.map((one) => one.firstChild.textContent)")
    named = [one.partition(": ") for one in page.locator(".lesson-progress li").all_inner_texts()]
    assert sorted(title for names, _, _ in named for title in names.split("; ")) == sorted(titles)
    assert all(read for _, _, read in named), named
    assert len(page.locator(".lesson-progress li a").all()) >= len(named)
