"""The steps in which an answer is checked, and what each comes to; the same on a machine and in a page.

First the answer is loaded, then each check runs on it. Who carries the steps out (a process, see `runner.py`; the
page's worker, see `in_page.py`) tells what came back, or how it ended instead.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from course.check import explain
from course.check.kit import Check
from course.check.results import CheckResult, Result

LOAD_SECONDS = 10.0
GRACE = 1.0  # beyond a step's own limit, before whatever runs it is stopped
LOUDEST = 2 << 20  # bytes that an answer may print
SHOWN = 4000  # characters of output that are kept, from each end
LOUD = "It printed more than 2 MB, so it was stopped: does a loop with a `print` never end?"


@dataclass(frozen=True)
class Planned:
    """A check that is to run: `needs` is the name of another that must pass first, `timeout` is in seconds."""

    id: str
    title: str
    points: int
    timeout: float
    needs: str | None = None
    resources: tuple[str, ...] = ()

    @classmethod
    def of(cls, check: Check) -> "Planned":
        """Plan one of the checks of `checks.py`."""
        return cls(check.id, check.title, check.points, check.timeout, check.needs.id if check.needs else None,
                   check.resources)

    def to_json(self) -> dict[str, Any]:
        """Return the data as `json` writes it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Planned":
        """Return what `to_json` wrote."""
        return cls(**{**data, "resources": tuple(data["resources"])})

    @property
    def blank(self) -> CheckResult:
        """The result of a check that was not finished."""
        return CheckResult(self.id, self.title, self.points, "error")


@dataclass(frozen=True)
class Reply:
    """What a step gives: a result, what is not as it was (see `integrity`), and what was printed meanwhile."""

    result: CheckResult
    problems: tuple[str, ...] = ()
    printed: str = ""


@dataclass(frozen=True)
class End:
    """A step that gave no reply: it took too long, printed too much, or ended the program with `status`.

    `line` is where the answer stood, None when none of its lines was running; `seen` says whether that is known.
    """

    reason: Literal["slow", "loud", "exit"]
    printed: str = ""
    status: int | None = None
    line: int | None = None
    seen: bool = True


def unloaded(address: str, answer: Path, outcome: Reply | End, seconds: float = LOAD_SECONDS) -> Result | None:
    """Return the result of an answer that cannot even be loaded; None when it can, and is to be checked."""
    if isinstance(outcome, End):
        failure = ended(outcome, CheckResult("load", ""), seconds, answer)
        return Result(address, "error", message=f"The file could not be loaded. {failure.message}", line=failure.line,
                      output=failure.output)
    output = shortened(outcome.printed)
    if outcome.problems:
        return Result(address, "error", message=outcome.problems[0], output=output)
    if outcome.result.status != "pass":
        return Result(address, "error", message=outcome.result.message, line=outcome.result.line, output=output)
    return None


def skipped(check: Planned, done: Mapping[str, CheckResult]) -> CheckResult | None:
    """Return the result of a check that cannot run because another has to pass first; None when it can."""
    needed = done.get(check.needs or "")
    if needed is None or needed.status == "pass":
        return None
    return replace(check.blank, status="skip", message=f"First make this pass: {needed.title}.")


def checked(check: Planned, answer: Path, outcome: Reply | End) -> CheckResult:
    """Return the result of a check that ran. One that passed although something is not as it was has not passed."""
    if isinstance(outcome, End):
        return ended(outcome, check.blank, check.timeout, answer)
    result = replace(outcome.result, output=shortened(outcome.printed))
    if not outcome.problems or result.status != "pass":
        return result
    return replace(result, status="fail", message=outcome.problems[0])


def ended(end: End, blank: CheckResult, seconds: float, answer: Path) -> CheckResult:
    """Say what became of a step that gave no reply within `seconds`."""
    output = shortened(end.printed)
    if end.reason == "slow":
        failure = explain.too_slow(seconds, end.line, answer) if end.seen else explain.stopped(seconds)
        return replace(blank, status="fail", message=failure.message, line=failure.line, output=output)
    if end.reason == "loud":
        return replace(blank, status="fail", message=LOUD, output=output)
    status = "" if end.status is None else f" (exit status {end.status})"
    return replace(blank, status="error", output=output, message=(
        f"The program ended{status} in the middle of the check: "
        "your code must return instead, without os._exit(), signals to itself or crashes."))


def shortened(text: str) -> str:
    """Return the beginning and the end of a long text."""
    if len(text) <= 2 * SHOWN:
        return text
    return f"{text[:SHOWN]}\n... {len(text) - 2 * SHOWN} characters left out ...\n{text[-SHOWN:]}"
