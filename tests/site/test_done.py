"""The page "Done so far": what the progress document holds, to print and to save."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from visits import returning, violations

from course.check import progress

DONE = "book/done.html"
DAY, LATER = "2026-03-01T10:00:00Z", "2026-03-03T10:00:00Z"
LESSON = "asyncio_coroutines"


def begun(site: Path) -> progress.Progress:
    """A lesson read, an exercise passed at the second attempt with a hint, two questions, one right at once."""
    parts = json.loads((site / "_static" / "run" / "course.json").read_text(encoding="utf-8"))["parts"]
    lesson = next(one for part in parts for one in part["lessons"] if one["name"] == LESSON)
    exercise, other = [one["address"] for one in lesson["exercises"]][:2]
    made = progress.hint_taken(progress.read(progress.Progress(), LESSON, DAY), exercise, DAY, 1)
    made = progress.passed(progress.attempted(made, exercise, DAY), exercise, LATER, "00")
    made = progress.attempted(made, other, LATER)
    first, second = [one["address"] for one in lesson["questions"]][:2]
    made = progress.answered(progress.answered(made, first, DAY, True), second, DAY, False)
    return progress.answered(made, second, LATER, True)


@pytest.mark.browser
def test_it_lists_what_was_done_and_nothing_else(browser: Browser, address: str, site: Path) -> None:
    page = returning(browser, address, DONE, begun(site))
    place = page.locator(".course-progress-done")
    expect(place.locator(".progress-sum")).to_have_text(
        "1 lesson read and 1 exercise passed, from 1 March 2026 to 3 March 2026; "
        "2 questions answered, 1 of them right at the first try.")
    assert place.locator("h2").all_inner_texts() == ["Tier 1: Foundations"]
    words = place.inner_text()
    assert "read on 1 March 2026; questions: 2 of " in words
    assert "on 3 March 2026, 2 attempts, 1 hint" in words
    assert words.count("Passed:") == 1
    assert violations(page) == []


@pytest.mark.browser
def test_it_is_saved_as_text_and_printed_without_buttons(
        browser: Browser, address: str, site: Path, tmp_path: Path) -> None:
    page = returning(browser, address, DONE, begun(site))
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as text").click()
    saved.value.save_as(tmp_path / "done.md")
    lines = (tmp_path / "done.md").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# Introduction to Software Engineering"
    assert "## Tier 1: Foundations" in lines
    assert sum(line.startswith("  - passed: ") and line.endswith("(on 3 March 2026, 2 attempts, 1 hint)")
               for line in lines) == 1
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.locator(".progress-sum")).to_be_visible()


@pytest.mark.browser
def test_who_has_done_nothing_is_told_how_it_fills(browser: Browser, address: str) -> None:
    page = returning(browser, address, DONE, progress.Progress())
    expect(page.locator(".course-progress-done")).to_contain_text("Nothing yet. It fills as you read lessons")
