"""An exercise checked in the page: the first time, which starts Python, and again with everything at hand."""

import statistics
from pathlib import Path

from course.proof import browser_exercises, browser_page, chromium
from course.proof.findings import Outcome

ROUNDS = 5


def checks(root: Path, site: Path) -> dict[str, tuple[float, float]]:
    """Return, by exercise, seconds (first, again) from handing its solution to the page's checker to the verdict.

    `again` is the median of five. What an exercise waits for by itself, such as a timeout that its checks await, is
    part of both. Raises RuntimeError when a solution does not pass: what fails is not measured.
    """
    found = {}
    with chromium.launch() as browser, browser_page.serve(root, site) as served:
        for task in browser_exercises.exercises(root):
            solution = next(trial for trial in browser_exercises.answers(task) if trial.kind == "solution")
            with browser_exercises.open_checker(browser, served) as page:
                first, *again = [browser_exercises.check(page, task, solution) for _ in range(ROUNDS + 1)]
            found[task.address] = (_seconds(first), statistics.median(map(_seconds, again)))
    return found


def _seconds(outcome: Outcome) -> float:
    if outcome.result is None or not outcome.result.passed:
        raise RuntimeError(f"{outcome.address}: the solution was not accepted: {outcome.problem or outcome.result}")
    return outcome.seconds
