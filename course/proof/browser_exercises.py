"""Prove that exercises are judged in the page as their folders promise, by the module that judges for readers.

The starter fails by a check, the solution and all of `right/` pass, each of `wrong/` is caught first by the check it
names with the words it promises: the rules are those of `course prove`, and so are the sentences.
"""

import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, Page

from course.check import exercise
from course.check.exercise import Exercise
from course.check.results import from_json
from course.proof import browser_page, prove_answers, trials
from course.proof.browser_page import BootError, Site
from course.proof.findings import Case, Findings, Outcome, line
from course.proof.trials import Trial

PAGE = "search.html"  # every site has it; index.html leads on to another page
SECONDS = 120.0  # for one answer; each check has its own limit, and a broken worker never answers

_OPEN = """async (root) => {
  const { Checker } = await import(`${root}_static/run/checker.mjs`);
  window.checker = new Checker({ root, runtime: `${root}runtime/`, kernel: null });
}"""
_CHECK = """async ([address, text, seconds]) => {
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`no result after ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([window.checker.check(address, text), late]);
}"""


def exercises(root: Path, lessons: Iterable[str] = ()) -> list[Exercise]:
    """Return the exercises below `root` that the page can judge, of these lessons or of all. Raises ExerciseError."""
    wanted = set(lessons)
    found = [exercise.load(root, address) for address in sorted(exercise.addresses(root))
             if not wanted or address.partition("/")[0] in wanted]
    return [one for one in found if one.runs_in_page]


def answers(task: Exercise) -> list[Trial]:
    """Return the answers with which the exercise is proven; examples of the statement are for the machine."""
    return [trial for trial in trials.of_exercise(task) if trial.kind != "examples"]


@contextmanager
def open_checker(browser: Browser, site: Site) -> Iterator[Page]:
    """Open a page of the site with the checker in it, to be used for all answers. Raises BootError."""
    with browser_page.open_page(browser, site.address, PAGE) as opened:
        try:
            opened.page.evaluate(_OPEN, site.address)
        except Error as error:
            raise BootError(f"the page cannot check exercises: {error.message}; build the site anew") from error
        yield opened.page
        if opened.other_hosts:
            raise BootError(f"the checks asked for {', '.join(opened.other_hosts)}: no page asks another host")


def check(page: Page, task: Exercise, trial: Trial) -> Outcome:
    """Let the page judge one answer."""
    start, result, problem = time.monotonic(), None, ""
    with tempfile.TemporaryDirectory(prefix="course_prove_") as folder:
        text = trial.make(Path(folder)).read_text(encoding="utf-8")
    try:
        result = from_json(page.evaluate(_CHECK, [task.address, text, SECONDS]))
    except (Error, ValueError) as error:
        problem = f"{trial.path}: the page could not check it ({line(str(error))})"
    return Outcome(task.address, trial, result, time.monotonic() - start, problem)


def judged(task: Exercise, outcomes: Iterable[Outcome]) -> Iterator[Case]:
    """Yield a case for each answer, with what is wrong about how the page judged it."""
    found = Findings(task, tuple(outcomes))
    for outcome in found.outcomes:
        faults = tuple(f"in the page: {fault}" for fault in prove_answers.faults(found, outcome))
        yield Case(outcome.name, faults, outcome.seconds)


def prove(page: Page, task: Exercise) -> list[Case]:
    """Let the page judge all answers to an exercise; return a case for each."""
    return list(judged(task, [check(page, task, trial) for trial in answers(task)]))
