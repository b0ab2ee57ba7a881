"""Checking an answer: each check in a process of its own group, with a limit on time, output and what is left behind.

A process serves one check after the other for as long as each leaves it clean; the next check after a loop, an exit or
a trick starts in a new one.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from course.check import explain
from course.check.nursery import Mother, Nursery
from course.check.results import CheckResult, Result, of_checks
from course.check.session import EndedError, Session

LOAD_SECONDS = 10.0
START_SECONDS = 30.0  # of the process and of `checks.py` with its imports, on a slow machine
GRACE = 1.0  # beyond a check's own limit, before the process is killed
SHOWN = 4000  # characters of output that are kept, from each end

Resource = Callable[[], AbstractContextManager[Any]]
"""Makes what a check needs (a database, say) for that check alone: the value must be one that JSON can carry."""


def run(address: str, checks: Path, answer: Path, resources: Mapping[str, Resource] | None = None,
        nursery: Nursery | None = None) -> Result:
    """Run the checks of the file `checks` on `answer`, a file or a lab's folder, and return how they went.

    `resources` maps the names that checks ask for to what makes them; a `nursery` saves whoever checks many answers
    the imports. Raises ChecksError when `checks` itself cannot be used: that is not the learner's fault.
    """
    checks = checks.resolve()
    mother = nursery.take(checks) if nursery and checks.is_file() else None
    try:
        return _Run(address, checks, answer.resolve(), resources or {}, mother).result()
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
        self.plan: list[dict[str, Any]] = []
        self.done: dict[str, CheckResult] = {}

    def result(self) -> Result:
        try:
            if problem := self._load():
                return problem
            for check in self.plan:
                self.done[check["id"]] = self._skipped(check) or self._checked(check)
                self._hold_to_account(check["id"])
            return of_checks(self.address, tuple(self.done.values()))
        finally:
            if self.session:
                self.session.close()

    def _load(self) -> Result | None:
        """Start the process and load the answer for the first time; return the result when that fails."""
        try:
            reply = self._open().ask({"load": True, "seconds": LOAD_SECONDS}, LOAD_SECONDS + GRACE)
        except EndedError as ended:
            failure = self._ended(ended, CheckResult("load", "", message=""), LOAD_SECONDS)
            return Result(self.address, "error", message=f"The file could not be loaded. {failure.message}",
                          line=failure.line, output=failure.output)
        loaded, output = CheckResult(**reply["result"]), _shortened(self._session().printed())
        if reply["problems"]:
            return Result(self.address, "error", message=reply["problems"][0], output=output)
        if loaded.status != "pass":
            return Result(self.address, "error", message=loaded.message, line=loaded.line, output=output)
        return None

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
        self.plan = reply["checks"]
        if missing := {name for check in self.plan for name in check["resources"]} - set(self.resources):
            raise ChecksError(f"{self.checks}: a check asks for {', '.join(sorted(missing))}, which is not handed in: "
                              "name it under `needs:` in task.md, or take the parameter out")
        return self.session

    def _session(self) -> Session:
        return self.session or self._open()

    def _skipped(self, check: dict[str, Any]) -> CheckResult | None:
        needed = self.done.get(check["needs"] or "")
        if needed is None or needed.status == "pass":
            return None
        return CheckResult(check["id"], check["title"], check["points"], "skip",
                           f"First make this pass: {needed.title}.")

    def _checked(self, check: dict[str, Any]) -> CheckResult:
        session = self._session()
        blank = CheckResult(check["id"], check["title"], check["points"], "error")
        with ExitStack() as stack:
            values = {name: stack.enter_context(self.resources[name]()) for name in check["resources"]}
            try:
                reply = session.ask({"check": check["id"], "resources": values}, check["timeout"] + GRACE)
            except EndedError as ended:
                return self._ended(ended, blank, check["timeout"])
        result = replace(CheckResult(**reply["result"]), output=_shortened(session.printed()))
        if not reply["problems"]:
            return result
        self._drop()
        message = reply["problems"][0]
        return replace(result, status="fail", message=message) if result.status == "pass" else result

    def _ended(self, ended: EndedError, blank: CheckResult, seconds: float) -> CheckResult:
        """Say what became of a check whose process ended in the middle of it."""
        printed = self._session().printed()
        self._drop()
        if ended.reason == "slow":
            output, _, dump = printed.partition("Timeout (")
            failure = explain.too_slow(seconds, explain.running_line(dump, self.answer), self.answer)
            return replace(blank, status="fail", message=failure.message, line=failure.line, output=_shortened(output))
        if ended.reason == "loud":
            message = "It printed more than 2 MB, so it was stopped: does a loop with a `print` never end?"
            return replace(blank, status="fail", message=message, output=_shortened(printed))
        return replace(blank, status="error", output=_shortened(printed), message=(
            f"The program ended (exit status {ended.status}) in the middle of the check: "
            "your code must return instead, without os._exit(), signals to itself or crashes."))

    def _hold_to_account(self, done: str) -> None:
        """After the last check, or with a session that is given up: processes that were left behind fail the check."""
        last = done == self.plan[-1]["id"]
        if last and self._drop() and self.done[done].status == "pass":
            self.done[done] = replace(self.done[done], status="fail", message=(
                "Your code leaves a process running in the background: wait for it, or stop it."))

    def _drop(self) -> bool:
        session, self.session = self.session, None
        return session.close() if session else False


def _shortened(text: str) -> str:
    if len(text) <= 2 * SHOWN:
        return text
    return f"{text[:SHOWN]}\n... {len(text) - 2 * SHOWN} characters left out ...\n{text[-SHOWN:]}"
