"""Run every proof once, show where it stands, and end with one plain summary."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

import psutil  # type: ignore[import-untyped]

from course import repository
from course.proof import chromium

LOGS = Path("build") / "test"
LIMIT = 40 * 60.0  # seconds for one step; the longest takes 20 minutes on a quiet machine with two cores


@dataclass(frozen=True)
class Step:
    """One proof: its name, the command (without the interpreter), and whether it counts its cases in a JUnit report."""

    name: str
    arguments: tuple[str, ...]
    counted: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a step came to: how many cases passed, failed, were skipped, and the seconds it took."""

    step: Step
    passed: int
    failed: int
    skipped: int
    seconds: float


PYTEST = ("-m", "pytest", "-q", "-n", "2", "--dist", "loadfile")
STEPS = (
    Step("style", ("-m", "ruff", "check", "--quiet", ".")),
    Step("types", ("-m", "mypy")),
    Step("spelling", ("-m", "codespell_lib")),
    Step("browser runtime", ("-m", "course.runtime")),
    Step("site", ("-m", "course.site.build", "--runtime", str(Path("build") / "browser"))),
    Step("notebooks", ("-m", "course.proof.notebooks"), counted=True),
    Step("cheatsheets", ("-m", "course.proof.sheets.main"), counted=True),
    Step("exercises", ("-m", "course.proof.prove"), counted=True),
    Step("pages", (*PYTEST, "tests/pages"), counted=True),  # every cell and every exercise of the built pages
    Step("course", (*PYTEST, "--ignore=tests/pages", "--ignore=tests/nightly", "tests"), counted=True),
)


def run(step: Step, root: Path, log: Path) -> Outcome:
    """Run one step with its output going to `log`, and count its cases."""
    report = log.with_suffix(".xml")
    report.unlink(missing_ok=True)
    counting = (f"--junitxml={report}",) if step.counted else ()
    start = time.monotonic()
    with log.open("w", encoding="utf-8") as sink:
        status = call([sys.executable, *step.arguments, *counting], root, sink)
    passed, failed, skipped = count(report) if step.counted else (1, 0, 0)
    if status != 0 and failed == 0:  # it did not get as far as counting, or it is a single check
        passed, failed = (passed if step.counted else 0), 1
    return Outcome(step, passed, failed, skipped, time.monotonic() - start)


def call(command: list[str], root: Path, sink: IO[str], limit: float = LIMIT) -> int:
    """Run a command and return its exit status; end it and all that it started after `limit` seconds."""
    with subprocess.Popen(command, cwd=root, stdout=sink, stderr=subprocess.STDOUT,
                          env={**os.environ, "COURSE_PROOF": "1"}) as process:
        try:
            return process.wait(limit)
        except subprocess.TimeoutExpired:
            end(process.pid)
            sink.write(f"\n{' '.join(command)} did not end within {limit:.0f} s and was killed.\n")
            return 1


def end(pid: int) -> None:
    """End a process and its descendants. SIGABRT comes first: pytest and its workers then print where they stood."""
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    for stop in (lambda member: member.send_signal(signal.SIGABRT), psutil.Process.kill):
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                stop(member)
        psutil.wait_procs(family, timeout=5)


def count(report: Path) -> tuple[int, int, int]:
    """Return (passed, failed, skipped) of a JUnit report; no report counts as one failure."""
    try:
        suites = ElementTree.parse(report).getroot().iter("testsuite")
    except (OSError, ElementTree.ParseError):
        return 0, 1, 0
    totals = [{key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")} for suite in suites]
    failed = sum(total["failures"] + total["errors"] for total in totals)
    skipped = sum(total["skipped"] for total in totals)
    return sum(total["tests"] for total in totals) - failed - skipped, failed, skipped


def summary(outcomes: list[Outcome]) -> Iterator[str]:
    """Yield the lines of the summary; the last one is the sum."""
    for outcome in outcomes:
        verdict = "ok    " if outcome.failed == 0 else "FAILED"
        yield f"  {verdict} {outcome.step.name:<16} {told(outcome)}"
    yield (f"{sum(o.passed for o in outcomes)} passed, {sum(o.failed for o in outcomes)} failed, "
           f"{sum(o.skipped for o in outcomes)} skipped")


def told(outcome: Outcome) -> str:
    """Return what a step came to, in words."""
    skipped = f", {outcome.skipped} skipped" if outcome.skipped else ""
    return f"{outcome.passed} passed, {outcome.failed} failed{skipped}  ({outcome.seconds:.0f} s)"


def main(names: list[str]) -> int:
    """Run the named steps, all without names; return 0 when nothing failed."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # started in the background, where no Ctrl-C arrives:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # the tests' servers must not inherit that
    root = repository.root()
    (root / LOGS).mkdir(parents=True, exist_ok=True)
    if unknown := set(names) - {step.name for step in STEPS}:
        print(f"no step is called {', '.join(unknown)}; there are: {', '.join(step.name for step in STEPS)}")
        return 2
    steps = [step for step in STEPS if not names or step.name in names]
    if any(step.name in ("pages", "course") for step in steps):
        chromium.ensure()
    outcomes = []
    for number, step in enumerate(steps, 1):
        print(f"[{number}/{len(steps)}] {step.name} ...", flush=True)
        log = root / LOGS / f"{step.name.replace(' ', '_')}.log"
        outcomes.append(run(step, root, log))
        print(f"      {told(outcomes[-1])}", flush=True)
        if outcomes[-1].failed:
            print(log.read_text(encoding="utf-8", errors="replace"), flush=True)
    print("\n" + "\n".join(summary(outcomes)))
    return int(any(outcome.failed for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
