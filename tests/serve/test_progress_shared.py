"""One progress for the pages, the terminal and Jupyter: the page on the real server, `course check` beside it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from local_server import Server
from playwright.sync_api import Browser, BrowserContext, Page, expect

from course.check import progress, progress_file, work
from course.proof import chromium
from course.site import scripts

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>Demo</title>
<script type="module" src="../_static/run/lesson.mjs"></script></head>
<body><nav class="site-nav"><ul><li><a href="lesson.html">Demo</a></li></ul></nav>
<main><article data-lesson="demo"><h1>Demo</h1>
<course-exercise data-exercise="demo/add"></course-exercise>
<course-quiz data-question="demo/why" data-kind="choice"><form><fieldset>
<label><input type="radio" name="why" value="o1">Because</label></fieldset>
<button class="quiz-check">Check</button><button type="button" class="quiz-again" hidden>Try again</button>
<div role="status" class="quiz-verdict"></div></form>
<details class="quiz-answers"><ul><li data-option="o1" data-right><div class="option-text">Because</div></li></ul>
</details></course-quiz></article><section class="lesson-progress"></section>
<div class="course-progress"></div></main></body></html>
"""
COURSE = {"parts": [{"title": "Tier", "lessons": [{
    "name": "demo", "title": "Demo", "page": "tiers/lesson.html",
    "exercises": [{"address": "demo/add", "anchor": "exercise-add", "title": "A sum", "hash": ""}],
    "questions": [{"address": "demo/quiz/why", "anchor": "quiz-why"}]}]}]}


@pytest.fixture(scope="module")
def local(start: Callable[..., Server]) -> Server:
    """A server of its own, whose site has a lesson with the page's scripts."""
    server = start("--no-browser", "--port", "0")
    site = server.root / "_build" / "html"
    shutil.copytree(scripts.bundle(ROOT) / "static" / "run", site / "_static" / "run", dirs_exist_ok=True)
    (site / "_static" / "run" / "course.json").write_text(json.dumps(COURSE), encoding="utf-8")
    (site / "tiers" / "lesson.html").write_text(PAGE, encoding="utf-8")
    return server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.launch() as started:
        yield started


@pytest.fixture
def context(browser: Browser, local: Server) -> Iterator[BrowserContext]:
    shutil.rmtree(local.root / work.FOLDER, ignore_errors=True)
    with browser.new_context() as opened:
        yield opened


def opened(context: BrowserContext, local: Server) -> Page:
    page = context.new_page()
    page.goto(f"{local.origin}/course/tiers/lesson.html?token={local.token}", wait_until="networkidle")
    return page


def kept(local: Server, address: str) -> progress.Seen:
    return progress.seen(progress_file.load(work.progress_path(local.root)).progress, address)


def stored(page: Page) -> Any:
    return page.evaluate("Object.keys(localStorage).filter((key) => /unsent|progress/.test(key))")


def sent(page: Page) -> None:
    """Wait until the browser keeps nothing any more: the server is the truth."""
    page.wait_for_function("!Object.keys(localStorage).some((key) => /unsent|progress/.test(key))")


def terminal(local: Server, *arguments: str) -> None:
    """Run a command of the course as a reader does in a terminal."""
    subprocess.run([sys.executable, "-m", "course.cli", *arguments], cwd=local.root, check=False, timeout=120,
                   env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True)


def test_a_pass_in_the_terminal_appears_when_the_reader_comes_back(context: BrowserContext, local: Server) -> None:
    page = opened(context, local)
    assert page.locator(".tick").count() == 0
    answer = local.root / work.FOLDER / "demo" / "add.py"
    answer.parent.mkdir(parents=True)
    answer.write_text("def add(a, b):\n    return a + b\n", encoding="utf-8")
    terminal(local, "check", "demo/add")
    assert kept(local, "demo/add").status == "passed"
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator(".site-nav")).to_contain_text("the exercise passed")
    expect(page.locator(".course-progress")).to_contain_text("the exercise passed")
    expect(page.locator(".course-progress")).to_contain_text("work/progress.json on your machine")
    sent(page)


def test_what_is_done_in_the_page_is_in_the_file(context: BrowserContext, local: Server) -> None:
    page = opened(context, local)
    page.get_by_label("Because").check()
    page.get_by_role("button", name="Check").click()
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.get_by_role("button", name="Mark as read").press("Enter")
    sent(page)
    assert (kept(local, "demo/quiz/why").status, kept(local, "demo/quiz/why").text) == ("passed", "o1")
    assert kept(local, "demo").status == "passed"
    other = opened(context, local)
    expect(other.get_by_role("status").filter(has_text="You answered on")).to_be_visible()


def test_a_page_that_is_left_at_once_loses_nothing(context: BrowserContext, local: Server) -> None:
    page = opened(context, local)
    page.get_by_role("button", name="Mark as read").press("Enter")
    page.goto("about:blank")
    opened(context, local)  # the server has answered since
    assert kept(local, "demo").status == "passed"


def test_a_server_that_is_killed_is_told_and_nothing_is_lost(
        browser: Browser, start: Callable[..., Server], local: Server) -> None:
    gone = start("--no-browser", "--port", "0")
    shutil.copytree(local.root / "_build", gone.root / "_build", dirs_exist_ok=True)
    with browser.new_context() as context:
        page = opened(context, gone)
        expect(page.get_by_role("button", name="Mark as read")).to_be_visible()
        gone.process.kill()
        gone.process.wait(30)
        page.get_by_role("button", name="Mark as read").press("Enter")
        expect(page.locator(".progress-note")).to_contain_text("does not answer")
        expect(page.locator(".progress-note")).to_contain_text("kept in this browser until it has been sent")
        assert len(stored(page)) == 1
        expect(page.locator(".lesson-progress")).to_contain_text("Read on")
