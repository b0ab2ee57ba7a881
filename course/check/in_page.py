"""Checking an answer in the page's worker, step by step: `Desk.step` is what the worker calls.

The page keeps the state between two steps, so that a new worker can go on where one was ended: it is sent back, with
how the step ended. JSON goes in and comes out; nothing of it passes through what an answer can reach.
"""

import builtins
import json
import linecache
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from course.check import inspection, judge, steps
from course.check.deadline import Deadline
from course.check.integrity import Snapshot
from course.check.kit import Check
from course.check.page_loop import instead_of_the_browsers
from course.check.page_output import Paper
from course.check.results import CheckResult, Result, of_checks
from course.check.steps import GRACE, LOAD_SECONDS, End, Planned, Reply

ARCHIVES = "/lib/course/"  # where web/run/archives.py puts packages, some of them while an answer imports them
LATE = 0.2  # seconds after a check's limit: what awaits is ended by the check itself, at its limit


@dataclass
class State:
    """How far an answer has come: what is planned, None before it was loaded, and what is done."""

    plan: list[Planned] | None = None
    done: dict[str, CheckResult] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> "State":
        """Return what `to_json` wrote; a new state without any."""
        if data is None:
            return cls()
        return cls([Planned.from_json(one) for one in data["plan"]],
                   {one["id"]: CheckResult(**one) for one in data["done"]})

    def to_json(self) -> dict[str, Any]:
        """Return what the page keeps."""
        return {"plan": [planned.to_json() for planned in self.plan or ()],
                "done": [asdict(result) for result in self.done.values()]}

    def next(self) -> Planned | None:
        """Return the check that comes next; those that cannot run are skipped on the way."""
        for check in self.plan or ():
            if check.id not in self.done:
                result = steps.skipped(check, self.done)
                if result is None:
                    return check
                self.done[check.id] = result
        return None


class Desk:
    """Where answers are checked, in files below `folder`: one for each Python, in a worker that does nothing else."""

    def __init__(self, folder: str) -> None:
        self._folder, self._address = Path(folder), ""
        self._deadline = Deadline(self._folder)
        self._deadline.install()
        inspection.quiet_warnings()
        builtins.input = _nobody_types
        self._checks: dict[str, Check] = {}
        self._before: Snapshot | None = None
        self._encode, self._decode = json.JSONEncoder().encode, json.JSONDecoder().decode
        self._places = [place for place in sys.path if not place.startswith(ARCHIVES)]
        self._environment, self._deepest = dict(os.environ), sys.getrecursionlimit()

    def checks_of(self, address: str) -> Path:
        """Return where the worker puts the checks of an exercise."""
        return self._folder / "exercises" / address / "checks.py"

    def coming(self, request: str) -> str:
        """Return what the page says while it waits for the step, and for how many seconds it waits."""
        check = State.from_json(self._decode(request)["state"]).next()
        limit = check.timeout if check else LOAD_SECONDS
        return self._encode({"seconds": limit + LATE + GRACE, "title": check.title if check else ""})

    def step(self, request: str) -> str:
        """Carry out the next step; return the new `state`, the `result` once there is one, and whether all is `clean`.

        The request has `address`, `name` (of the answer's file), `text`, `state` (null at first) and `ended`: null, or
        how the step that is the next one has ended elsewhere. Checks that nobody can use give `unusable`, a sentence.
        """
        asked = self._decode(request)
        address, state = asked["address"], State.from_json(asked["state"])
        answer = self._folder / "work" / Path(address).parent / asked["name"]
        try:
            if state.plan is None or address != self._address:
                self._begin(address, answer, asked["text"])
        except BaseException as error:
            return self._encode({"unusable": f"{self.checks_of(address)}: {type(error).__name__}: {error}"})
        outcome = End(**asked["ended"]) if asked["ended"] else self._outcome(answer, state.next())
        result = self._taken_in(address, state, answer, outcome)
        clean = bool(asked["ended"]) or (isinstance(outcome, Reply) and not outcome.problems)
        return self._encode({"state": state.to_json(), "result": result and result.to_json(), "clean": clean})

    def _begin(self, address: str, answer: Path, text: str) -> None:
        """Put the answer in its place, load the checks afresh, and undo what an earlier answer left about."""
        here = self._folder / "here"
        here.parent.mkdir(parents=True, exist_ok=True)
        os.chdir(here.parent)  # no system lets go of the folder it stands in
        shutil.rmtree(here, ignore_errors=True)
        here.mkdir(exist_ok=True)
        os.chdir(here)
        sys.path[:] = [*self._places, *(place for place in sys.path if place.startswith(ARCHIVES))]
        sys.setrecursionlimit(self._deepest)
        if dict(os.environ) != self._environment:
            os.environ.clear()
            os.environ.update(self._environment)
        answer.parent.mkdir(parents=True, exist_ok=True)
        answer.write_text(text, encoding="utf-8", errors="surrogatepass", newline="\n")
        linecache.cache.pop(str(answer), None)
        self._checks = {check.id: check for check in judge.load_checks(self.checks_of(address))}
        self._address = address
        for check in self._checks.values():
            if check.resources:
                raise ValueError(f"`{check.id}` asks for {', '.join(check.resources)}, which no page can hand in")

    def _outcome(self, answer: Path, planned: Planned | None) -> Reply | End:
        check = self._checks[planned.id] if planned else None
        seconds = (planned.timeout if planned else LOAD_SECONDS) + LATE
        paper = Paper()
        with paper.instead_of_the_screen(), instead_of_the_browsers(self._deadline.wait):
            watch = self._deadline.watching(answer, seconds)
            before = self._before = Snapshot(self._before)  # after a problem this Python is not used again
            result, problems = inspection.inspect(check, answer, self.checks_of(self._address), {}, watch, before)
        if paper.full:
            return End("loud", paper.text())
        if self._deadline.passed:
            return End("slow", paper.text(), line=self._deadline.line)
        return Reply(result, tuple(problems), paper.text())

    def _taken_in(self, address: str, state: State, answer: Path, outcome: Reply | End) -> Result | None:
        """Write into the state what a step came to; return the result when it was the last."""
        if state.plan is None:
            state.plan = [Planned.of(check) for check in self._checks.values()]
            if result := steps.unloaded(address, answer, outcome):
                return result
        elif check := state.next():
            state.done[check.id] = steps.checked(check, answer, outcome)
        return None if state.next() else of_checks(address, tuple(state.done.values()))


def _nobody_types(prompt: object = "", /) -> str:
    """Stand for `input`, as it is on a machine where there is nothing to read."""
    sys.stdout.write(str(prompt))
    raise EOFError("EOF when reading a line")
