"""A newcomer on a static copy of the site: she runs and breaks cells, solves an exercise, loses the tab, goes on."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import site_files
import synthetic_book
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, expect
from visits import SLOW

from course import runtime
from course.check import exercise
from course.site.build import build

pytestmark = pytest.mark.browser
ASYNCIO, INJECTION, TRANSACTIONS = ("tiers/1_foundations/asyncio_coroutines.html",
                                    "tiers/2_api_development/dependency_injection.html",
                                    "tiers/3_data_persistence/transactions_isolation.html")
EXERCISE = "dependency_injection/pagination"
WRONG = sorted((synthetic_book.ROOT / "exercises" / EXERCISE / "wrong").glob("*.py"))[0]
SOLUTION = exercise.load(synthetic_book.ROOT, EXERCISE).solution


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A copy of the site in a sub-path of a static host."""
    root, host = synthetic_book.ROOT, tmp_path_factory.mktemp("host")
    shutil.copytree(build(root, runtime=runtime.assemble(root)), host / "repo")
    with site_files.served(host) as base:
        yield f"{base}repo/"


@dataclass
class Newcomer:
    """A reader with one browser profile; what her pages complained about, and what they asked of other hosts."""

    context: BrowserContext
    address: str
    complaints: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.route(lambda url: not url.startswith(self.address), lambda route: (
            self.refused.append(route.request.url), route.abort()))

    def open(self, name: str = "") -> Page:
        """Open a tab at the front page, and go to a lesson by its link there."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.goto(self.address)
        if name:
            self.go(page, name)
        return page

    def go(self, page: Page, name: str) -> None:
        page.locator(f'.site-nav a[href$="{Path(name).name}"]').first.click()
        page.wait_for_url(f"{self.address}{name}*")


@pytest.fixture
def newcomer(browser: Browser, address: str) -> Iterator[Newcomer]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        yield Newcomer(context, address)


def cell(page: Page, name: str) -> Locator:
    return page.locator(f'div.cell[data-cell="{name}"]')


def press(part: Locator, words: str) -> None:
    part.get_by_role("button", name=words, exact=True).click()


def write(page: Page, part: Locator, text: str, words: str = "Edit") -> None:
    """Open the editor of a cell or an exercise unless it is open, and put a text into it."""
    if not part.get_by_role("textbox").count():
        press(part, words)
    part.get_by_role("textbox").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


def state(part: Locator) -> Locator:
    return part.locator(".cell-state")


def run(part: Locator, says: str) -> None:
    press(part, "Run")
    expect(state(part)).to_contain_text(says, timeout=SLOW)


def break_cells(page: Page) -> None:
    """In the first lesson: a run, an error, an endless loop, an edit of her own."""
    names = page.locator('div.cell[data-cell]:not([data-tags~="needs-kernel"])')
    first = names.first
    run(first, "Run 1")
    assert first.locator(".cell_output").get_attribute("data-from") in ("run", None)
    write(page, first, "shelf = []\nshelf[7]")
    page.keyboard.press("Shift+Enter")
    expect(state(first)).to_contain_text("IndexError", timeout=SLOW)
    expect(first.locator(".traceback")).to_contain_text("list index out of range")
    expect(first.locator(".plain-sentence")).to_be_visible(timeout=SLOW)
    write(page, first, "while True:\n    pass")
    page.keyboard.press("Shift+Enter")
    expect(state(first)).to_have_text("Running")
    press(first, "Stop")
    expect(page.locator(".kernel-bar")).to_contain_text("was stopped: names are lost", timeout=SLOW)
    write(page, first, "print('mine')")
    page.keyboard.press("Shift+Enter")
    expect(first.locator(".cell_output")).to_have_text("mine\n", timeout=SLOW)


def solve(page: Page) -> None:
    """In the second lesson: a cell too early, all above it, then an exercise, first with a mistake."""
    late = cell(page, "asks-for-clock")
    run(late, "NameError")
    press(late, "Run all above")
    expect(page.get_by_role("status").filter(has_text="All cells above have run.")).to_have_count(1, timeout=SLOW)
    run(late, "Run 3")
    task = page.locator(f'course-exercise[data-exercise="{EXERCISE}"]')
    results = task.locator(".exercise-results")
    press(task, "Check")
    expect(results).to_contain_text("This is the starter as it was", timeout=SLOW)
    write(page, task, WRONG.read_text(encoding="utf-8"), "Write your answer")
    press(task, "Check")
    expect(results.locator('[data-status="fail"]').first).to_be_visible(timeout=SLOW)
    write(page, task, SOLUTION, "Write your answer")
    press(task, "Check")
    expect(results).to_contain_text("All checks pass.", timeout=SLOW)
    expect(state(task)).to_contain_text("Passed on")


def answer(page: Page) -> Locator:
    """In the third lesson, which needs a machine: she is told so, and answers a question."""
    kernel = page.locator('div.cell[data-tags~="needs-kernel"]').first
    press(kernel, "Why not here?")
    expect(kernel.locator(".cell-notice")).to_contain_text("python3 noxfile.py -s serve")
    question = page.locator('course-quiz[data-question="transactions_isolation/c_of_acid"]')
    for right in question.locator("[data-right]").evaluate_all("(all) => all.map((one) => one.dataset.option)"):
        question.locator(f'input[value="{right}"]').check()
    press(question, "Check")
    expect(question.locator(".quiz-verdict")).to_contain_text("Right.")
    return question


def kill(page: Page) -> None:
    """End the tab's process, as a crash or a lack of memory does."""
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash")


def test_a_newcomer_runs_breaks_solves_loses_the_tab_and_goes_on(newcomer: Newcomer) -> None:
    page = newcomer.open(ASYNCIO)
    break_cells(page)
    newcomer.go(page, INJECTION)
    solve(page)
    newcomer.go(page, TRANSACTIONS)
    answer(page)
    newcomer.go(page, INJECTION)
    first = cell(page, "hard-wired-clock")
    write(page, first, "while True: pass  # hers")
    page.keyboard.press("Shift+Enter")
    expect(state(first)).to_have_text("Running", timeout=SLOW)
    kill(page)
    come_back(newcomer)
    assert newcomer.refused == []
    assert newcomer.complaints == []


def come_back(newcomer: Newcomer) -> None:
    """All that she did is there, and she goes on with it."""
    page = newcomer.open()
    expect(page.locator(".continue")).to_contain_text("Continue")
    ticks = page.locator(".site-nav .tick")
    expect(ticks).to_have_count(2)  # an exercise passed, a question answered
    expect(ticks.first).to_have_text("1/5")
    newcomer.go(page, INJECTION)
    task = page.locator(f'course-exercise[data-exercise="{EXERCISE}"]')
    expect(state(task)).to_contain_text("Passed on")
    expect(task.locator(".starter pre")).to_have_text(SOLUTION)
    first = cell(page, "hard-wired-clock")
    expect(first.locator(".cell_input pre")).to_have_text("while True: pass  # hers\n")
    expect(state(first)).to_have_text("your version")
    write(page, first, "print('here again')")
    page.keyboard.press("Shift+Enter")
    expect(first.locator(".cell_output")).to_have_text("here again\n", timeout=SLOW)
    newcomer.go(page, ASYNCIO)
    expect(page.locator("div.cell .cell_input pre").first).to_have_text("print('mine')\n")
    newcomer.go(page, TRANSACTIONS)
    question = page.locator('course-quiz[data-question="transactions_isolation/c_of_acid"]')
    expect(question.locator(".quiz-verdict")).to_contain_text("You answered on")
    expect(question.locator("input:checked").first).to_be_attached()
