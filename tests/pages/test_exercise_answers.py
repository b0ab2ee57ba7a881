"""Every exercise that needs no machine: the page judges its answers as its folder promises, one page for all."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from course import repository
from course.check.exercise import Exercise
from course.proof import browser_exercises
from course.proof.browser_page import Site
from course.proof.trials import Kind, Promise, Trial

pytestmark = pytest.mark.browser
EXERCISES = browser_exercises.exercises(repository.root(Path(__file__).parent))


@pytest.fixture(scope="module")
def checker(browser: Browser, site: Site) -> Iterator[Page]:
    with browser_exercises.open_checker(browser, site) as page:
        yield page


@pytest.mark.parametrize("task", EXERCISES, ids=lambda task: task.address)
def test_the_page_judges_every_answer_as_promised(task: Exercise, checker: Page) -> None:
    cases = browser_exercises.prove(checker, task)
    assert cases
    assert [fault for case in cases for fault in case.faults] == []


def swapped(task: Exercise, kind: Kind, text: str, promise: Promise | None = None) -> Trial:
    """An answer that is not what it says it is."""
    def make(folder: Path) -> Path:
        (folder / "answer.py").write_text(text, encoding="utf-8")
        return folder / "answer.py"
    return Trial(kind, task.folder / "swapped.py", "swapped", make, promise)


def test_what_is_judged_otherwise_than_promised_is_told(checker: Page) -> None:
    task = next(task for task in EXERCISES if task.address == "template_lesson/own_list")
    wrong = next(trial for trial in browser_exercises.answers(task) if trial.kind == "wrong")
    assert wrong.promise
    text = wrong.path.read_text(encoding="utf-8")
    trials = [wrong, swapped(task, "right", text), swapped(task, "starter", task.solution),
              swapped(task, "wrong", task.solution, wrong.promise), swapped(task, "solution", "def ("),
              swapped(task, "wrong", text, Promise(wrong.promise.caught_by, "words that no check says"))]
    cases = list(browser_exercises.judged(task, [browser_exercises.check(checker, task, trial) for trial in trials]))
    assert cases[0].faults == ()
    said = ["refuses this right answer", "the starter passes every check", "every check passes this wrong answer",
            "the solution cannot be loaded", "does not say 'words that no check says'"]
    for case, words in zip(cases[1:], said, strict=True):
        assert words in "\n".join(case.faults)
        assert all(fault.startswith("in the page: ") for fault in case.faults)


def test_an_exercise_that_the_site_lacks_is_told(checker: Page) -> None:
    task = replace(EXERCISES[0], address="template_lesson/not_there")
    [case, *_] = browser_exercises.prove(checker, task)
    assert "the page could not check it" in case.faults[0]
    assert "404" in case.faults[0]
