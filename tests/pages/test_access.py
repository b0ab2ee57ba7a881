"""axe finds nothing on any page of the course, as it is found and with everything on it opened, run and answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from readers import ALL, AT, CROSSED, LANDING, LESSONS, PAGES, PROGRESS, ROOT, TEMPLATE, open_everything, violations
from visits import SLOW

from course.check import progress
from course.proof.browser_page import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light") as context:
        yield context.new_page()


def test_no_page_is_left_out() -> None:
    built = ROOT / "_build" / "html"
    found = {path.relative_to(built).as_posix() for path in built.rglob("*.html")
             if path.relative_to(built).parts[0] not in ("_static", "runtime")}
    assert found == {*PAGES, "index.html"}  # which leads to the first of them before anything is seen


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(site: Site, page: Page, name: str) -> None:
    page.goto(site.address + name, wait_until="networkidle")
    assert violations(page) == []


@pytest.mark.parametrize("name", LESSONS)
def test_axe_finds_nothing_with_all_answered_played_and_edited(site: Site, page: Page, name: str) -> None:
    page.goto(site.address + name, wait_until="networkidle")
    if open_everything(page):
        assert violations(page, ALL if name == TEMPLATE else CROSSED) == []


def test_axe_finds_nothing_with_cells_run_and_an_exercise_checked(site: Site, page: Page) -> None:
    page.goto(site.address + TEMPLATE)
    for name, output in (("shared-list", "Grace has"), ("test-order", "AssertionError"), ("recorded", "Emma")):
        cell = page.locator(f'[data-cell="{name}"]')
        cell.get_by_role("button", name="Run", exact=True).click()
        expect(cell.locator(".cell_output[data-from=run]")).to_contain_text(output, timeout=SLOW)
        expect(cell.locator(".cell-state")).to_contain_text("Run ")
    expect(page.locator(".plain-sentence")).to_be_visible()
    task = page.locator("course-exercise").first
    task.get_by_role("button", name="Write your answer").click()
    expect(task.locator(".cm-content")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("def lend(book, loans=[]):\n    loans.append(book)\n    return loans\n")
    page.keyboard.press("Shift+Enter")
    expect(task.locator(".check-list")).to_contain_text("not yet", timeout=SLOW)
    assert violations(page) == []


@pytest.fixture
def returning(site: Site, page: Page) -> Page:
    """A reader who has begun."""
    lesson = next(name for name in LESSONS if name != LANDING).rsplit("/", 1)[1].removesuffix(".html")
    made = progress.read(progress.Progress(), lesson, AT)
    page.goto(site.address + PROGRESS)
    page.evaluate("([key, text]) => localStorage.setItem(key, text)",
                  [f"course /{site.address.split('/', 3)[3]} progress", progress.dump(made)])
    page.evaluate("localStorage.setItem('returning', 'yes')")
    page.reload(wait_until="networkidle")
    return page


def test_axe_finds_nothing_when_a_reader_comes_back(site: Site, returning: Page) -> None:
    returning.goto(site.address + LANDING)
    expect(returning.locator(".continue-state")).to_contain_text("Read.")
    assert violations(returning) == []


@pytest.mark.parametrize("pressed", ["Reset everything", "Import from a file"])
def test_axe_finds_nothing_while_the_progress_page_asks(returning: Page, tmp_path: Path, pressed: str) -> None:
    if pressed == "Import from a file":
        (tmp_path / "mine.json").write_text(progress.dump(progress.read(progress.Progress(), "other", AT)), "utf-8")
        with returning.expect_file_chooser() as chosen:
            returning.get_by_role("button", name=pressed).click()
        chosen.value.set_files(tmp_path / "mine.json")
    else:
        returning.get_by_role("button", name=pressed).click()
    expect(returning.locator(".progress-said button:focus")).to_have_count(1)
    assert violations(returning) == []


def test_axe_finds_nothing_with_the_contents_open_on_a_phone(site: Site, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(site.address + TEMPLATE, wait_until="networkidle")
    page.get_by_role("button", name="Contents").click()
    expect(page.locator("#site-nav")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize(("words", "found"), [("event loop", True), ("xqzvkj", False)])
def test_axe_finds_nothing_in_the_search(site: Site, page: Page, words: str, found: bool) -> None:
    page.goto(site.address + LANDING, wait_until="networkidle")
    page.keyboard.press("Control+k")
    expect(page.locator(".search-dialog input")).to_be_focused(timeout=SLOW)
    page.keyboard.insert_text(words)
    expect(page.locator(f'.search-dialog[data-question="{words}"][data-state=ready]')).to_be_visible(timeout=SLOW)
    assert (page.get_by_role("option").count() > 0) == found
    assert violations(page) == []


def test_axe_finds_nothing_with_a_glossary_card_shown(site: Site, page: Page) -> None:
    page.goto(site.address + LANDING, wait_until="networkidle")
    page.locator('main a[href*="glossary.html#term-"]').first.hover()
    expect(page.locator(".term-card")).to_be_visible(timeout=SLOW)
    assert violations(page, (("light", 1280), ("dark", 1280))) == []  # elsewhere the pointer has left the link
