"""The proof that the checks of all exercises and labs discriminate, and that the quizzes have their answers."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

from course import repository
from course.check.nursery import Nursery
from course.proof import prove_answers, prove_rules
from course.proof.findings import Case, Findings, Outcome
from course.proof.prove_plan import Plan, ProveError, plans

Report = Callable[[str], None]
Job = Callable[[], Outcome | Case]
AT_ONCE = 2  # answers for each processor: those that take long mostly wait, for a server or a limit


@dataclass(frozen=True)
class Proof:
    """All cases (answers, exercises as a whole, quizzes) in the order of the folders, and the seconds they took."""

    cases: tuple[Case, ...]
    seconds: float

    @property
    def faults(self) -> tuple[str, ...]:
        """The faults, one line each: the file, what is wrong and, after the semicolon, what to do."""
        return tuple(dict.fromkeys(fault for case in self.cases for fault in case.faults))


def prove(root: Path, chosen: Iterable[str] = (), report: Report = lambda line: None) -> Proof:
    """Prove the exercises, labs and quizzes below `root` that `chosen` names, all without names.

    A name is a lesson, `<lesson>/<exercise>` or `<lesson>/quiz`. `report` is given a line as each answer is done.
    Raises ProveError for a name that nothing has.
    """
    start, root = time.monotonic(), root.resolve()
    with Nursery() as nursery:
        todo = plans(root, chosen, nursery)
        done = iter(_all([job for plan in todo for job in plan.jobs], report))
    cases = [case for plan in todo for case in _judged(plan, [next(done) for _ in plan.jobs])]
    return Proof(tuple(_relative(case, root) for case in cases), time.monotonic() - start)


def _all(jobs: list[Job], report: Report) -> list[Outcome | Case]:
    """Run the jobs, `AT_ONCE` for each processor, and return what came out in their order."""
    with ThreadPoolExecutor(AT_ONCE * (os.cpu_count() or 1)) as threads:
        futures = [threads.submit(job) for job in jobs]
        try:
            for number, future in enumerate(as_completed(futures), 1):
                done = future.result()
                report(f"[{number}/{len(jobs)}] {done.name}: {done.verdict} ({done.seconds:.1f} s)")
        except BaseException:  # Ctrl-C: what has begun ends, nothing else begins
            threads.shutdown(cancel_futures=True)
            raise
    return [future.result() for future in futures]


def _judged(plan: Plan, done: list[Outcome | Case]) -> Iterator[Case]:
    yield from (case for case in done if isinstance(case, Case))
    if plan.task is None:
        if plan.faults:
            yield Case(plan.name, plan.faults)
        return
    found = Findings(plan.task, tuple(outcome for outcome in done if isinstance(outcome, Outcome)))
    yield from (Case(outcome.name, tuple(prove_answers.faults(found, outcome)), outcome.seconds)
                for outcome in found.outcomes)
    yield Case(plan.name, tuple(prove_rules.faults(found)))


def _relative(case: Case, root: Path) -> Case:
    return replace(case, faults=tuple(fault.replace(f"{root}{os.sep}", "") for fault in case.faults))


def summary(proof: Proof) -> str:
    """Return the faults, a line each, and a last line that sums up."""
    if not proof.cases:
        return "There are no exercises yet (exercises/ is empty): nothing was proven."
    bad = sum(bool(case.faults) for case in proof.cases)
    return "\n".join((*proof.faults, f"{len(proof.cases) - bad} of {len(proof.cases)} hold, {len(proof.faults)} faults "
                                     f"({proof.seconds:.0f} s)"))


def junit(proof: Proof) -> ElementTree.ElementTree:
    """Return the proof as a JUnit report; where there was nothing to prove, one skipped case says so."""
    bad = sum(bool(case.faults) for case in proof.cases)
    counts = {"tests": len(proof.cases) or 1, "failures": bad, "errors": 0, "skipped": int(not proof.cases)}
    suite = ElementTree.Element("testsuite", {"name": "exercises", **{key: str(n) for key, n in counts.items()}})
    for case in proof.cases or (Case("there are no exercises yet"),):
        element = ElementTree.SubElement(suite, "testcase", {"name": case.name, "time": f"{case.seconds:.2f}"})
        if not proof.cases:
            ElementTree.SubElement(element, "skipped")
        for fault in case.faults:
            ElementTree.SubElement(element, "failure", {"message": fault})
    return ElementTree.ElementTree(suite)


def command(root: Path, chosen: Iterable[str], report: Path | None = None) -> int:
    """Prove, print how it goes, write a JUnit report where one is asked for, and return the exit code."""
    try:
        proof = prove(root, chosen, lambda line: print(line, flush=True))
    except ProveError as error:
        print(f"course: {error}", file=sys.stderr)
        return 1
    print(summary(proof))
    if report:
        junit(proof).write(report, encoding="utf-8")
    return int(bool(proof.faults))


def main(arguments: list[str]) -> int:
    """Prove what the arguments name; `--junitxml=FILE` writes a report. Return the exit code."""
    prefix = "--junitxml="
    reports = [Path(word.removeprefix(prefix)) for word in arguments if word.startswith(prefix)]
    return command(repository.root(), [word for word in arguments if not word.startswith(prefix)],
                   reports[0] if reports else None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
