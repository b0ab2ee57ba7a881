"""What comes out of checking an answer: data that page, Jupyter, terminal and proof show each in its own way."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

Status = Literal["pass", "fail", "skip", "error"]
VERSION = 1
# How a status is told to a learner, in the terminal and in Jupyter alike; and how much of what was printed is shown.
WORDS: dict[Status, str] = {"pass": "pass", "fail": "NOT YET", "error": "BROKE", "skip": "later"}
OUTPUT_LINES = 12
FURTHER = "Told when the one above passes."  # stands beneath each problem but the first


@dataclass(frozen=True)
class CheckResult:
    """How one check went.

    `fail` means that the answer is wrong, `error` that the check could not be finished, `skip` that a check before it
    must pass first. `message` says what was tried; `expected` and `actual` are shown as Python writes them; `hint` is
    the number of the hint that helps with it; `line` is the line of the answer concerned; `output` is what was printed.
    """

    id: str
    title: str
    points: int = 1
    status: Status = "pass"
    message: str = ""
    expected: str | None = None
    actual: str | None = None
    hint: int | None = None
    line: int | None = None
    output: str = ""

    @property
    def words(self) -> str:
        """The message with what was expected and what came, in one text."""
        parts = [self.message]
        parts += [f"expected: {self.expected}"] if self.expected is not None else []
        parts += [f"got: {self.actual}"] if self.actual is not None else []
        return "\n".join(parts)


@dataclass(frozen=True)
class Result:
    """How all checks of one exercise went.

    `status` is `pass` when every check passes, `error` when the answer could not even be loaded (then `message` and
    `line` say why and `checks` is empty), and `fail` otherwise.
    """

    exercise: str
    status: Literal["pass", "fail", "error"]
    checks: tuple[CheckResult, ...] = ()
    message: str = ""
    line: int | None = None
    output: str = ""

    @property
    def passed(self) -> bool:
        """Whether the answer is right."""
        return self.status == "pass"

    @property
    def first_problem(self) -> CheckResult | None:
        """The first check that fails or could not be finished: what to look at now."""
        return next((check for check in self.checks if check.status in ("fail", "error")), None)

    @property
    def points(self) -> int:
        """The points of the checks that pass."""
        return sum(check.points for check in self.checks if check.status == "pass")

    @property
    def summary(self) -> str:
        """How many checks pass, in a sentence."""
        if self.passed:
            return "All checks pass."
        return f"{sum(check.status == 'pass' for check in self.checks)} of {len(self.checks)} checks pass."

    def to_json(self) -> dict[str, Any]:
        """Return the data as `json` writes it, with the version of this form."""
        return {"version": VERSION, **asdict(self), "checks": [asdict(check) for check in self.checks]}


def of_checks(exercise: str, checks: tuple[CheckResult, ...]) -> Result:
    """Sum up the results of the checks. None at all, or one that did not pass, is not a pass."""
    passed = bool(checks) and all(check.status == "pass" for check in checks)
    return Result(exercise, "pass" if passed else "fail", checks)


def from_json(data: Mapping[str, Any]) -> Result:
    """Return the result that `to_json` wrote. Raises ValueError for another version."""
    if data.get("version") != VERSION:
        raise ValueError(f"a result of version {data.get('version')!r} cannot be read here: expected {VERSION}")
    fields = {name: value for name, value in data.items() if name not in ("version", "checks")}
    return replace(Result(**fields), checks=tuple(CheckResult(**check) for check in data["checks"]))
