"""The pages in a stock Firefox: no stack switching, no special headers, no other host."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from course import repository, runtime
from course.proof import browser_page, firefox
from course.proof.browser_page import Site
from course.proof.firefox_bidi import Bidi, Tab
from course.site.build import build

pytestmark = pytest.mark.skipif(firefox.find() is None, reason=firefox.REMEDY)
ROOT = repository.root(Path(__file__).parent)
LESSON = "book/template_lesson.html"
EXERCISE = "template_lesson/own_list"
# Python in the page may use stack switching where a browser has it; a reader's browser may not have it.
PLAIN = {"javascript.options.wasm_js_promise_integration": False}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with browser_page.serve(ROOT, build(ROOT, runtime=runtime.assemble(ROOT)).resolve()) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Bidi]:
    with firefox.launch(PLAIN) as bidi:
        yield bidi


@pytest.fixture
def lesson(browser: Bidi, site: Site) -> Iterator[Tab]:
    """The template lesson in a tab with storage of its own, which must complain of nothing and ask no other host."""
    tab = browser.open()
    tab.go(site.address + LESSON)
    yield tab
    assert tab.complaints() == []
    assert [url for url in tab.requests() if not url.startswith((site.address, "data:", "blob:"))] == []
    tab.close()


def cell(name: str, part: str = "") -> str:
    return f'[data-cell="{name}"] {part}'.strip()


def text(selector: str) -> str:
    """The script that reads an element's text."""
    return f"document.querySelector({selector!r})?.innerText.trim()"


def run(tab: Tab, name: str) -> str:
    """Press Run, wait for the end, and return what the output shows."""
    tab.press(cell(name, ".cell-run"))
    tab.wait(f"document.querySelector({cell(name, '.cell-state')!r}).innerText.startsWith('Run ')")
    return str(tab.evaluate(text(cell(name, ".cell_output"))))


def write(tab: Tab, place: str, code: str, words: str = "Edit") -> None:
    """Put other code into a cell or an exercise, as a reader types it; its editor is closed before."""
    tab.press(f"{place} button", words)
    tab.wait(f"document.activeElement.matches({f'{place} .cm-content'!r})")
    tab.chord("Control", "a")
    tab.type(code)


def test_this_is_a_plain_firefox(lesson: Tab, browser: Bidi) -> None:
    assert browser.about["browserName"] == "firefox"
    assert lesson.evaluate("[typeof WebAssembly.Suspending, crossOriginIsolated]") == ["undefined", False]


def test_a_cell_runs_and_an_error_has_its_traceback(lesson: Tab) -> None:
    assert run(lesson, "shared-list").splitlines() == ["Ada has:    ['Dune']", "Grace has:  ['Dune', 'Emma']"]
    assert "AssertionError" in run(lesson, "test-order")
    assert run(lesson, "recorded") is not None
    assert lesson.evaluate(f"document.querySelector({cell('recorded', 'svg.course-figure')!r}).checkVisibility()")


def test_an_endless_loop_is_stopped(lesson: Tab) -> None:
    write(lesson, cell("shared-list"), "while True: pass")
    lesson.chord("Shift", "Enter")
    lesson.wait(f"{text(cell('shared-list', '.cell-state'))} === 'Running'")
    lesson.press(cell("shared-list", ".cell-stop"))
    lesson.wait(f"{text('.kernel-bar')}.includes('was stopped: names are lost')")
    write(lesson, cell("made-once"), "print(6 * 7)")
    assert run(lesson, "made-once") == "42"


def test_what_was_written_is_there_again(lesson: Tab) -> None:
    write(lesson, cell("shared-list"), "mine = 1")
    again = lesson.again()
    again.go(lesson.evaluate("location.href"))
    assert again.evaluate(text(cell("shared-list", ".cell_input pre"))) == "mine = 1"
    again.close()


def test_a_question_is_answered(lesson: Tab) -> None:
    question = "#quiz-when_is_it_made"
    lesson.press(f"{question} .quiz-check")
    assert lesson.evaluate(text(f"{question} .quiz-verdict")) == "Choose one answer first."
    right = lesson.evaluate(f"document.querySelector('{question} [data-right]').dataset.option")
    lesson.press(f'{question} input[value="{right}"]')
    lesson.press(f"{question} .quiz-check")
    lesson.wait(f"{text(f'{question} .quiz-verdict')}.includes('Right.')")


def test_an_exercise_is_solved(lesson: Tab) -> None:
    place = f'[data-exercise="{EXERCISE}"]'
    lesson.press(f"{place} button", "Check")
    lesson.wait(f"{text(f'{place} .exercise-results')}.includes('This is the starter as it was')")
    write(lesson, place, "def lend(book, loans=[]):\nloans.append(book)\nreturn loans\n", "Write your answer")
    lesson.chord("Shift", "Enter")
    lesson.wait(f"{text(f'{place} .exercise-results')}.includes('not yet')")
    assert "All checks pass." not in lesson.evaluate(text(f"{place} .exercise-results"))
    lesson.chord("Control", "a")
    lesson.type("def lend(book, loans=None):\nif loans is None: loans = []\nloans.append(book)\nreturn loans\n")
    lesson.chord("Shift", "Enter")
    lesson.wait(f"{text(f'{place} .exercise-results')}.includes('All checks pass.')")
    assert lesson.evaluate(text(f"{place} .cell-state")).startswith("Passed on ")
