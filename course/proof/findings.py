"""What came out of checking all answers to an exercise or a lab."""

from dataclasses import dataclass
from pathlib import Path

from course.check.exercise import Exercise
from course.check.lab import Lab
from course.check.results import CheckResult, Result
from course.proof.trials import Trial


@dataclass(frozen=True)
class Case:
    """One thing that was proven: an answer, an exercise as a whole, or a quiz. No faults: it holds."""

    name: str
    faults: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def verdict(self) -> str:
        """A word or two on what came out."""
        return f"{len(self.faults)} faults" if self.faults else "holds"


@dataclass(frozen=True)
class Outcome:
    """What became of a trial: the kit's result, or the problem that kept it from being checked."""

    address: str
    trial: Trial
    result: Result | None
    seconds: float
    problem: str = ""

    @property
    def name(self) -> str:
        """The answer, as progress names it."""
        return f"{self.address} {self.trial.label}"

    @property
    def verdict(self) -> str:
        """A word or two on what came out."""
        if self.result is None or self.result.status == "error":
            return "not checked" if self.result is None else "not loaded"
        first = self.result.first_problem
        return f"{first.status} at {first.id}" if first else self.result.status


@dataclass(frozen=True)
class Findings:
    """An exercise or lab with all that its answers came to."""

    task: Exercise | Lab
    outcomes: tuple[Outcome, ...]

    @property
    def page(self) -> Path:
        """The file with the statement."""
        return self.task.folder / ("lab.md" if isinstance(self.task, Lab) else "task.md")

    @property
    def checks(self) -> tuple[CheckResult, ...]:
        """The checks that there are, as they came out on the first answer that could be checked."""
        results = [outcome.result for outcome in self.outcomes if outcome.trial.kind != "examples"]
        return next((result.checks for result in results if result and result.checks), ())

    @property
    def wrong(self) -> list[Trial]:
        """The wrong answers."""
        return [outcome.trial for outcome in self.outcomes if outcome.trial.kind == "wrong"]


def line(text: str) -> str:
    """Return a text in one line."""
    return " | ".join(part.strip() for part in text.splitlines() if part.strip())
