"""What each answer to an exercise must come to: the starter, the right ones, the wrong ones, the examples."""

from collections.abc import Iterator
from pathlib import Path

from course.check.results import CheckResult, Result
from course.proof.findings import Findings, Outcome, line
from course.proof.trials import COMMENTS, Trial


def faults(found: Findings, outcome: Outcome) -> Iterator[str]:
    """Yield the faults of one answer."""
    trial, result = outcome.trial, outcome.result
    if result is None:
        yield outcome.problem
    elif result.status == "error":
        yield (f"{trial.path}: the {trial.kind} cannot be loaded ({line(result.message)}); every answer must load, "
               "so that a check can judge it")
    elif trial.kind == "starter":
        yield from _starter(found, result, trial)
    elif trial.kind == "examples":
        yield from (f"{trial.path}: {line(check.words)}; correct the example or the solution"
                    for check in result.checks if check.status != "pass")
    elif trial.kind == "wrong":
        yield from _wrong(found, result, trial)
    else:
        yield from _right(found, result, trial)


def _starter(found: Findings, result: Result, trial: Trial) -> Iterator[str]:
    if result.passed:
        yield f"{trial.path}: the starter passes every check; cut more out of it, or check what the learner adds"
    yield from (_unfinished(found, check, "the starter") for check in result.checks if check.status == "error")


def _right(found: Findings, result: Result, trial: Trial) -> Iterator[str]:
    first = result.first_problem
    if first and first.status == "error":
        yield _unfinished(found, first, trial.label)
    elif first:
        yield (f"{trial.path}: `{first.id}` refuses this right answer ({trial.label}): {line(first.words)}; "
               "repair the answer or the check")
    elif not result.passed:
        yield f"{trial.path}: not every check passes it; repair the answer or the checks"


def _wrong(found: Findings, result: Result, trial: Trial) -> Iterator[str]:
    first = result.first_problem
    if trial.promise is None:
        mark = COMMENTS[trial.path.suffix]
        yield (f"{trial.path}: its first two lines do not say what must catch it; begin with "
               f"`{mark}caught by: NAME_OF_THE_CHECK` and `{mark}says: WORDS`")
        return
    name, says = trial.promise.caught_by, trial.promise.says
    yield from _misnamed(found, trial.path, name)
    if first is None:
        yield f"{trial.path}: every check passes this wrong answer; make `{name}` refuse it, or take it out"
    elif first.status == "error":
        yield _unfinished(found, first, trial.label)
    elif first.id != name:
        yield (f"{trial.path}: `{first.id}` catches it first ({line(first.words)}), not `{name}`; leave one mistake "
               "in it, or name that check")
    elif says not in first.words:
        yield (f"{trial.path}: `{name}` does not say {says!r} but: {line(first.words)}; "
               "correct the words here or in the check")


def _misnamed(found: Findings, path: Path, name: str) -> Iterator[str]:
    """Yield what is wrong with the check that a wrong answer names, and with its own name."""
    if name not in (known := [check.id for check in found.checks]):
        yield f"{path}: there is no check `{name}`; name one of {', '.join(known)}"
    elif not f"{path.stem}_".startswith(f"{name}_"):
        yield (f"{path}: its name does not begin with the check that must catch it; call it `{name}{path.suffix}` "
               f"or `{name}_and_a_word{path.suffix}`")


def _unfinished(found: Findings, check: CheckResult, label: str) -> str:
    return (f"{found.task.checks}: `{check.id}` could not be finished on {label} ({line(check.message)}); let it "
            "compare with expect or require before it uses a value")
