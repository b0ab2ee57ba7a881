"""An exercise and a question in JupyterLab, as `course serve` opens it, in a real browser."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Locator, Page, expect
from small_course import RIGHT, write

from course.proof import chromium, notebook_files

ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)/course/\?token=[\w-]+")


@pytest.fixture
def served(root) -> Iterator[str]:
    """Serve the course with one lesson, and yield the address that lets a browser in."""
    lesson = new_notebook(cells=[new_code_cell("from course.lesson import exercise, quiz\nexercise('loans/add')"),
                                 new_code_cell("quiz('loans/nothing_runs')")])
    lesson.metadata["kernelspec"] = notebook_files.KERNEL
    nbformat.write(lesson, root / "tiers" / "one" / "loans.ipynb")
    write(root, {"_build/html/index.html": "<!DOCTYPE html><html lang='en'><title>The course</title></html>"})
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("COURSE_PROOF", "PYTEST_CURRENT_TEST")}
    log = root.parent / "log"
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-m", "course.cli", "serve", "--no-browser", "--port", "0"],
                                   cwd=root, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 60
        while not (found := ADDRESS.search(log.read_text(encoding="utf-8"))):
            assert process.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
            time.sleep(0.05)
        yield found[0]
    finally:
        process.terminate()
        process.wait(30)


@pytest.mark.browser
def test_an_exercise_and_a_question_are_answered_in_jupyterlab(served, root):
    with chromium.launch() as browser:
        page = browser.new_page(viewport={"width": 900, "height": 1400})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(error.message))
        exercise, question = open_lesson(page, served)
        solve(page, exercise, root)
        answer(page, question)
        exercise.get_by_role("link", name="work/loans/add.py").click()
        expect(page.locator(".jp-FileEditor .cm-content")).to_contain_text("return a + b")
    assert complaints == []


def open_lesson(page: Page, address: str) -> tuple[Locator, Locator]:
    page.goto(address)
    page.goto(f"{address.partition('/course/')[0]}/lab/tree/tiers/one/loans.ipynb")
    page.locator(".jp-Toolbar-kernelName", has_text="Python 3").wait_for(timeout=60_000)
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
    exercise, question = (page.locator(".jp-CodeCell").nth(number) for number in (0, 1))
    exercise.click()
    page.keyboard.press("Shift+Enter")
    expect(exercise.get_by_role("button", name="Check", exact=True)).to_be_visible(timeout=60_000)
    page.keyboard.press("Shift+Enter")
    expect(question.get_by_role("button", name="Check", exact=True)).to_be_visible(timeout=60_000)
    return exercise, question


def solve(page: Page, exercise: Locator, root) -> None:
    expect(exercise.get_by_role("heading", name="Add two loans")).to_be_visible()
    (root / "work" / "loans" / "add.py").write_text("def add(a, b):\n    return '<script>'\n", encoding="utf-8")
    check = exercise.get_by_role("button", name="Check", exact=True)
    check.focus()
    page.keyboard.press("Enter")
    expect(exercise.get_by_role("status").filter(has_text="NOT YET")).to_contain_text("'<script>'", timeout=30_000)
    expect(check).to_be_focused()  # who works with the keyboard goes on where they were
    (root / "work" / "loans" / "add.py").write_text(RIGHT, encoding="utf-8")
    page.keyboard.press("Enter")
    expect(exercise.get_by_role("status").filter(has_text="All checks pass.")).to_be_visible(timeout=30_000)
    for label in exercise.get_by_role("button").all():
        assert label.evaluate("button => button.scrollWidth <= button.clientWidth"), "a label is cut"


def answer(page: Page, question: Locator) -> None:
    expect(question.locator("pre", has_text="return book")).to_be_visible()  # code in an option
    radio = question.get_by_role("radio")
    radio.nth(0).check()
    radio.nth(1).check()
    expect(radio.nth(0)).not_to_be_checked()
    question.get_by_role("button", name="Check", exact=True).click()
    expect(question.get_by_role("status")).to_contain_text("ight.")
