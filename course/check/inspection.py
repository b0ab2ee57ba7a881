"""One step of checking an answer, in this process: load it, or run one check, and look at what it leaves behind."""

import sys
import warnings
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from course.check import answer, explain, judge
from course.check.integrity import Snapshot
from course.check.kit import Check, Failure
from course.check.results import CheckResult


def inspect(check: Check | None, path: Path, checks: Path, resources: Mapping[str, Any],
            watch: AbstractContextManager[Any], before: Snapshot | None = None) -> tuple[CheckResult, list[str]]:
    """Run one check on the answer at `path`, or load the answer when `check` is None, inside the block `watch`.

    Return the result, and a sentence for each thing that is not as it was: as `before` saw it, or as it is now.
    """
    before, known = before or Snapshot(), set(sys.modules)
    problems = before.problems
    with watch:
        result = judge.judge(check, path, checks, resources) if check else loaded(path)
    found = [*problems()]  # not list(...): the answer may have replaced that
    answer.forget(known, path if path.is_dir() else path.parent)
    return result, found


def loaded(path: Path) -> CheckResult:
    """Load an answer, and say why when it cannot be."""
    result = CheckResult("load", "the file can be loaded")
    try:
        answer.load(path)
    except BaseException as error:
        failure = error if isinstance(error, Failure) else explain.of_answer(error, path)
        message = failure.message if failure else f"{path.name} cannot be read: {type(error).__name__}: {error}"
        return CheckResult("load", result.title, status="fail", message=message, line=failure.line if failure else None)
    return result


def quiet_warnings() -> None:
    """Show a warning without the line that caused it, which is often one of ours."""
    warnings.formatwarning = _warning


def _warning(message: Warning | str, category: type[Warning], filename: str, lineno: int,
             line: str | None = None) -> str:
    return f"{category.__name__}: {message}\n"
