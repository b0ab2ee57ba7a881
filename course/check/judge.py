"""Running one check on one answer, in this process. The runner does it in a process of its own."""

import inspect
import sys
import types
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from course.check import answer as answers
from course.check import explain, kit
from course.check.kit import Check, Failure
from course.check.results import CheckResult


def load_checks(path: Path) -> tuple[Check, ...]:
    """Return the checks of a `checks.py` in their order. Raises ValueError when there are none, or two share a name."""
    module = types.ModuleType("checks")
    module.__file__ = str(path)
    sys.modules["checks"] = module
    exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), module.__dict__)
    found = tuple(value for value in vars(module).values() if isinstance(value, Check))
    if not found:
        raise ValueError(f"{path}: no check; decorate a function with @check(\"what must hold\")")
    return found


class Verdict:
    """Takes in what becomes of one check."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self.result = CheckResult(check.id, check.title, check.points, "error", "The check has not run.")

    def passed(self) -> None:
        """The check went through to its end."""
        self.result = CheckResult(self.check.id, self.check.title, self.check.points)

    def failed(self, failure: Failure) -> None:
        """The answer is wrong."""
        self.result = CheckResult(self.check.id, self.check.title, self.check.points, "fail", failure.message,
                                  failure.expected, failure.actual, failure.hint, failure.line)

    def broken(self, message: str) -> None:
        """The check could not be finished."""
        self.result = CheckResult(self.check.id, self.check.title, self.check.points, "error", message)


@contextmanager
def judged(check: Check, path: Path, checks: Path) -> Iterator[Verdict]:
    """Turn what happens inside the block into a verdict; no exception of an answer leaves it."""
    verdict, before = Verdict(check), kit.comparisons()
    try:
        yield verdict
    except Failure as failure:
        verdict.failed(failure)
    except BaseException as error:
        if failure_of_answer := explain.of_answer(error, path):
            verdict.failed(failure_of_answer)
        else:
            verdict.broken(explain.of_check(error, checks))
    else:
        if kit.comparisons() > before:
            verdict.passed()
        else:
            verdict.broken("The check compared nothing, so it proves nothing.")


def judge(check: Check, path: Path, checks: Path, resources: Mapping[str, Any]) -> CheckResult:
    """Load the answer afresh and run one check on it, in a loop of its own where it is a coroutine."""
    with judged(check, path, checks) as verdict:
        value = check.function(answers.load(path), *(resources[name] for name in check.resources))
        if inspect.isawaitable(value):
            import asyncio  # here, because most checks do without it and it takes longer than they do

            asyncio.run(within(value, check.timeout, path))
    return verdict.result


async def within(value: Awaitable[Any], seconds: float, path: Path) -> None:
    """Await `value`. When its time is up, raise a Failure that says at which line the answer at `path` waited."""
    import asyncio

    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            await value
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise explain.too_slow(seconds, explain.waiting_line(error, path), path) from error
