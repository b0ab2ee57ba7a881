"""Checking an answer: each check in a process of its own group, with a limit on time, output and what is left behind.

A process serves one check after the other for as long as each leaves it clean; the next check after a loop, an exit or
a trick starts in a new one.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from course.check import explain, steps
from course.check.nursery import Mother, Nursery
from course.check.results import CheckResult, Result, of_checks
from course.check.session import EndedError, Session
from course.check.steps import GRACE, LOAD_SECONDS, End, Planned, Reply

GOING_SECONDS = 3.0  # for processes that are about to end, on a busy machine
START_SECONDS = 30.0  # of the process and of `checks.py` with its imports, on a slow machine

Resource = Callable[[], AbstractContextManager[Any]]
"""Makes what a check needs (a database, say) for that check alone: the value must be one that JSON can carry."""


def run(address: str, checks: Path, answer: Path, resources: Mapping[str, Resource] | None = None,
        nursery: Nursery | None = None, *, to_first_problem: bool = False) -> Result:
    """Run the checks of the file `checks` on `answer`, a file or a lab's folder, and return how they went.

    `resources` maps the names that checks ask for to what makes them; a `nursery` saves whoever checks many answers
    the imports. With `to_first_problem` nothing runs after the first check that is not passed. Raises ChecksError
    when `checks` itself cannot be used: that is not the learner's fault.
    """
    checks = checks.resolve()
    mother = nursery.take(checks) if nursery and checks.is_file() else None
    try:
        return _Run(address, checks, answer.resolve(), resources or {}, mother).result(to_first_problem)
    finally:
        if nursery and mother:
            nursery.give_back(mother)


class ChecksError(Exception):
    """`checks.py` cannot be loaded, or asks for what nobody hands in; the message names the file."""


class _Run:
    def __init__(self, address: str, checks: Path, answer: Path, resources: Mapping[str, Resource],
                 mother: Mother | None) -> None:
        self.address, self.checks, self.answer = address, checks, answer
        self.resources, self.mother = resources, mother
        self.session: Session | None = None
        self.plan: list[Planned] = []
        self.done: dict[str, CheckResult] = {}

    def result(self, to_first_problem: bool) -> Result:
        try:
            if problem := self._load():
                return problem
            for check in self.plan:
                self.done[check.id] = steps.skipped(check, self.done) or self._checked(check)
                self._hold_to_account(check.id)
                if to_first_problem and self.done[check.id].status in ("fail", "error"):
                    break
            return of_checks(self.address, tuple(self.done.values()))
        finally:
            if self.session:
                self.session.close()

    def _load(self) -> Result | None:
        """Start the process and load the answer for the first time; return the result when that fails."""
        outcome = self._asked(self._open(), {"load": True, "seconds": LOAD_SECONDS}, LOAD_SECONDS)
        return steps.unloaded(self.address, self.answer, outcome, LOAD_SECONDS)

    def _open(self) -> Session:
        """Start a process that has loaded the checks."""
        self.session = Session(mother=self.mother)
        try:
            reply = self.session.ask({"answer": str(self.answer), "checks": str(self.checks)}, START_SECONDS)
        except EndedError as ended:
            raise ChecksError(f"{self.checks}: loading it ended the process ({ended.reason}):\n"
                              f"{self.session.printed()}") from None
        if reply["kind"] == "unusable":
            raise ChecksError(reply["message"])
        self.plan = [Planned.from_json(check) for check in reply["checks"]]
        if missing := {name for check in self.plan for name in check.resources} - set(self.resources):
            raise ChecksError(f"{self.checks}: a check asks for {', '.join(sorted(missing))}, which is not handed in: "
                              "name it under `needs:` in task.md, or take the parameter out")
        return self.session

    def _checked(self, check: Planned) -> CheckResult:
        session = self.session or self._open()
        with ExitStack() as stack:
            values = {name: stack.enter_context(self.resources[name]()) for name in check.resources}
            outcome = self._asked(session, {"check": check.id, "resources": values}, check.timeout)
        if isinstance(outcome, Reply) and outcome.problems:
            self._drop()
        return steps.checked(check, self.answer, outcome)

    def _asked(self, session: Session, request: dict[str, Any], seconds: float) -> Reply | End:
        """Let the process carry out one step."""
        try:
            reply = session.ask(request, seconds + GRACE)
        except EndedError as ended:
            printed = session.printed()
            self._drop()
            if ended.reason != "slow":
                return End(ended.reason, printed, ended.status)
            output, _, dump = printed.partition("Timeout (")
            return End("slow", output, line=explain.running_line(dump, self.answer))
        return Reply(CheckResult(**reply["result"]), tuple(reply["problems"]), session.printed())

    def _hold_to_account(self, done: str) -> None:
        """After the last check, or with a session that is given up: processes that were left behind fail the check."""
        last = done == self.plan[-1].id
        if last and self.done[done].status == "pass" and self._drop(GOING_SECONDS):
            self.done[done] = replace(self.done[done], status="fail", message=(
                "Your code leaves a process running in the background: wait for it, or stop it."))

    def _drop(self, patience: float = 0.0) -> bool:
        session, self.session = self.session, None
        return session.close(patience) if session else False
