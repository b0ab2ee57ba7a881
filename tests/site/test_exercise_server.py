"""An exercise on the local server: its text is the file in `work/`, and its checks run on the machine."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import exercise_book
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from course.proof import chromium

pytestmark = pytest.mark.browser
SLOW = 90_000  # milliseconds
FILE = Path("work") / "lesson" / "double.py"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("local")
    exercise_book.publish(folder)
    return folder


@pytest.fixture(scope="module")
def address(root: Path) -> Iterator[str]:
    """The address that the server prints, with its token."""
    log = root / "log"
    environment = {name: text for name, text in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    with log.open("wb") as output:
        command = [sys.executable, "-m", "course.cli", "serve", "--no-browser", "--port", "0"]
        process = subprocess.Popen(command, cwd=root, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 90
        while not (found := re.search(r"http://127\S+", log.read_text(encoding="utf-8"))):
            assert process.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, "the server prints no address"
            time.sleep(0.1)
        yield found[0]
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.launch() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, root: Path, address: str) -> Iterator[Page]:
    (root / FILE).unlink(missing_ok=True)
    with browser.new_context() as context:
        opened = context.new_page()
        opened.goto(address)
        opened.wait_for_url("**/book/index.html")  # where the first page leads
        opened.goto(f"{address.partition('?')[0]}{exercise_book.PAGE}")
        yield opened


def box(page: Page) -> Locator:
    return page.locator('course-exercise[data-exercise="lesson/double"]')


def write(page: Page, text: str) -> None:
    if (button := box(page).get_by_role("button", name="Write your answer", exact=True)).is_visible():
        button.click()
    box(page).get_by_role("textbox").focus()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def until(path: Path, text: str) -> None:
    deadline = time.monotonic() + 30
    while not (path.exists() and path.read_text(encoding="utf-8") == text):
        assert time.monotonic() < deadline, path.read_text(encoding="utf-8") if path.exists() else "no file"
        time.sleep(0.05)


def test_what_is_written_is_the_file_and_is_checked_on_the_machine(page: Page, root: Path) -> None:
    write(page, "import threading\n\n" + exercise_book.RIGHT)
    until(root / FILE, "import threading\n\n" + exercise_book.RIGHT)
    box(page).get_by_role("button", name="Check").click()
    expect(box(page).locator(".exercise-results")).to_contain_text("All checks pass.", timeout=SLOW)
    expect(box(page).locator(".cell-state")).to_contain_text("Passed on 20")
    page.reload()
    expect(box(page).locator(".starter pre")).to_contain_text("import threading")
    expect(box(page).locator(".cell-state")).to_contain_text("Passed on 20")


def test_a_file_that_was_changed_elsewhere_is_never_written_over(page: Page, root: Path) -> None:
    write(page, "mine = 1\n")
    until(root / FILE, "mine = 1\n")
    (root / FILE).write_text("theirs = 2\n", encoding="utf-8")
    page.keyboard.type("more = 3")
    notice = box(page).locator(".cell-notice")
    expect(notice).to_contain_text("was changed elsewhere", timeout=SLOW)
    expect(notice.locator("pre")).to_have_text(["theirs = 2\n", "mine = 1\nmore = 3\n"])
    assert (root / FILE).read_text(encoding="utf-8") == "theirs = 2\n"
    notice.get_by_role("button", name="Keep mine").click()
    until(root / FILE, "mine = 1\nmore = 3\n")


def test_reset_puts_the_file_aside_and_undo_brings_it_back(page: Page, root: Path) -> None:
    write(page, "mine = 1\n")
    until(root / FILE, "mine = 1\n")
    box(page).get_by_role("button", name="Reset", exact=True).click()
    expect(box(page).locator(".exercise-results")).to_contain_text("This is the starter again", timeout=SLOW)
    assert "TODO" in (root / FILE).read_text(encoding="utf-8")
    box(page).get_by_role("button", name="Undo reset").click()
    expect(box(page).locator(".exercise-results")).to_contain_text("as before the reset", timeout=SLOW)
    until(root / FILE, "mine = 1\n")


def test_a_server_that_does_not_answer_loses_nothing(page: Page, root: Path) -> None:
    write(page, "mine = 1\n")
    until(root / FILE, "mine = 1\n")
    page.route("**/api/course/work/**", lambda route: route.abort())
    page.keyboard.type("more = 3")
    expect(box(page).locator(".cell-notice")).to_contain_text("does not answer", timeout=SLOW)
    page.unroute("**/api/course/work/**")
    page.reload()
    until(root / FILE, "mine = 1\nmore = 3\n")
    expect(box(page).locator(".starter pre")).to_have_text("mine = 1\nmore = 3\n")


def test_what_needs_postgres_is_offered_here(page: Page) -> None:
    locked = page.locator('course-exercise[data-exercise="lesson/locked"]')
    expect(locked.get_by_role("button", name="Check")).to_be_visible()
