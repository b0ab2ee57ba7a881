"""Prove that each cell without the tag `needs-kernel` shows in the page what its notebook stores.

`python -m course.proof.browser [LESSON...]` prints one line for each cell and exits with 1 where one differs.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser

from course.proof import browser_compare, chromium, notebook_files
from course.proof.browser_session import BootError, CellRun, Worker, open_worker
from course.repository import root as repository_root
from course.runtime import RuntimeBuildError, assemble

SECONDS = 60.0
# Read like a kernel's file names, so that a warning of a cell is the same text after the sanitize file.
CELL_NAME = "/tmp/ipykernel_1/{number}.py"
WHAT_TO_DO = ("repair the cell so that the page shows the same, refresh the notebook if its output is old, "
              "or tag the cell needs-kernel if it needs an operating system")


@dataclass(frozen=True)
class Verdict:
    """What the proof found about one cell.

    `number` counts code cells from 1. `problem` is the whole message where the state is "differs".
    """

    notebook: Path
    number: int
    cell_id: str
    state: Literal["same", "skipped", "differs", "not run"]
    seconds: float = 0.0
    problem: str = ""

    def __str__(self) -> str:
        """Return one line for the terminal, followed by the problem where there is one."""
        line = f"{self.notebook.name} cell {self.number} ({self.cell_id}): {self.state}"
        return line + (f", {self.seconds:.2f} s" if self.state == "same" else "") + f"\n{self.problem}".rstrip()


def prove(browser: Browser, notebook: Path, *, timeout: float = SECONDS, runtime: Path | None = None,
          sanitize: Path | None = None) -> list[Verdict]:
    """Run the cells of a notebook in a fresh worker and compare them; return a verdict for each code cell.

    `timeout` is in seconds for one cell. `runtime` is the assembled folder and `sanitize` the nbval file;
    both default to the repository's. Raises BootError, RuntimeBuildError and ValueError for an unreadable tag.
    """
    sanitizer = browser_compare.read_sanitizer(sanitize or repository_root() / "tests" / "nbval_sanitize.cfg")
    cells = notebook_files.code_cells(notebook_files.read(notebook))
    with open_worker(browser, runtime or assemble(), env={"COURSE_PROOF": "1"}, folder=notebook.parent,
                     files=lesson_files(notebook)) as worker:
        return list(_verdicts(worker, notebook, cells, timeout, sanitizer))


def lesson_files(notebook: Path) -> list[str]:
    """Return the files of the folder `<lesson>_files/` beside a notebook, as paths below their parent."""
    folder = notebook.with_name(f"{notebook.stem}_files")
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(path.relative_to(notebook.parent).as_posix() for path in found)


def _verdicts(worker: Worker, notebook: Path, cells: Sequence[Any], timeout: float,
              sanitizer: browser_compare.Sanitizer) -> Iterator[Verdict]:
    lost = False
    for number, cell in enumerate(cells, start=1):
        place = notebook, number, str(cell.get("id", "no id"))
        if not runs_here(notebook_files.tags(cell), worker.python):
            yield Verdict(*place, "skipped")
        elif lost:
            yield Verdict(*place, "not run", problem="  the worker ended in an earlier cell")
        else:
            done = worker.run(cell.source, CELL_NAME.format(number=number), timeout)
            lost = done.status in ("lost", "timeout")
            found = _found(cell, done, timeout, sanitizer) + _requests(worker)
            yield Verdict(*place, "differs" if found else "same", done.seconds, _problem(place, found))


def runs_here(tags: Sequence[str], python: str) -> bool:
    """Tell whether a cell with these tags runs in a page with this Python version ("3.14.2").

    Raises ValueError for a tag `needs-python` that is not of the form `needs-python>=X.Y`.
    """
    version = tuple(int(part) for part in python.split(".")[:2])
    for tag in tags:
        if tag.startswith("needs-python"):
            wanted = re.fullmatch(r"needs-python>=(\d+)\.(\d+)", tag)
            if wanted is None:
                raise ValueError(f"tag {tag!r}: write needs-python>=X.Y")
            if version < (int(wanted[1]), int(wanted[2])):
                return False
    return not {"needs-kernel", "nbval-skip"} & set(tags)


def _found(cell: Any, done: CellRun, timeout: float, sanitizer: browser_compare.Sanitizer) -> list[str]:
    """Return what is wrong with one cell that ran, one text for each thing."""
    if done.status == "timeout":
        return [f"still runs after {timeout:g} s, so its worker was ended; make it end, or tag it needs-kernel"]
    stored, shown = browser_compare.from_notebook(cell.outputs), browser_compare.from_worker(done.outputs)
    tags = notebook_files.tags(cell)
    found = [f"asked for {output['url']}: a cell makes no request to another host"
             for output in done.outputs if output["type"] == "blocked"]
    if done.status == "lost":
        found.append(f"ended Python in the page:\n{shown.traceback.rstrip()}")
    elif "raises-exception" in tags and shown.error is None:
        found.append("is tagged raises-exception but raises nothing in the page")
    elif "nbval-ignore-output" not in tags:
        found += browser_compare.differences(stored, shown, sanitizer)
    elif (stored.error or shown.error) and stored.error != shown.error:
        found += browser_compare.differences(browser_compare.Shown(error=stored.error),
                                             browser_compare.Shown(error=shown.error, traceback=shown.traceback), ())
    return found


def _requests(worker: Worker) -> list[str]:
    """Return, once, the requests that got past the policy of the page."""
    urls, worker.other_hosts[:] = list(worker.other_hosts), []
    return [f"asked for {url}: a cell makes no request to another host" for url in urls]


def _problem(place: tuple[Path, int, str], found: Sequence[str]) -> str:
    if not found:
        return ""
    notebook, number, cell_id = place
    body = "\n".join("  " + text.replace("\n", "\n    ") for text in found)
    return f"{notebook}, cell {number} ({cell_id}):\n{body}\n  What to do: {WHAT_TO_DO}."


def main(arguments: Sequence[str] | None = None) -> int:
    """Prove the lessons named on the command line, all without names; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m course.proof.browser", description=__doc__)
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="a lesson's name or a notebook's path")
    parser.add_argument("--timeout", type=float, default=SECONDS, help="seconds for one cell (default: 60)")
    options = parser.parse_args(arguments)
    differs = False
    try:
        runtime = assemble()
        with chromium.launch() as browser:
            for notebook in _named(options.lessons):
                verdicts = prove(browser, notebook, timeout=options.timeout, runtime=runtime)
                print(*verdicts, sep="\n", flush=True)
                differs = differs or any(verdict.problem for verdict in verdicts)
    except (chromium.NoBrowserError, RuntimeBuildError, BootError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return int(differs)


def _named(names: Sequence[str]) -> list[Path]:
    """Return the notebooks of these names; a path to a notebook stands for itself."""
    if names and all(name.endswith(".ipynb") and Path(name).is_file() for name in names):
        return [Path(name) for name in names]
    return notebook_files.chosen(repository_root(), list(names))


if __name__ == "__main__":
    sys.exit(main())
