"""Prove that each cell without the tag `needs-kernel` shows in the page what its notebook stores.

The cells are run by the reader's own code: the built page, its Run button, its output box, its policy, at a static
address in a sub-path.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser

from course import repository
from course.check import placed
from course.proof import browser_compare, browser_page, browser_rendered, notebook_files
from course.proof.browser_page import CellRun, LessonPage, Site

SECONDS = 60.0
SANITIZE = repository.root(Path(__file__).parent) / "tests" / "nbval_sanitize.cfg"
WHAT_TO_DO = ("repair the cell so that the page shows the same, refresh the notebook if its output is old, "
              "or tag the cell needs-kernel if it needs an operating system")


@dataclass(frozen=True)
class Verdict:
    """What the proof found about one cell.

    `number` counts the notebook's code cells from 1. `problem` is the whole message where the state is "differs".
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


def prove(browser: Browser, notebook: Path, site: Site, *, timeout: float = SECONDS,
          sanitize: Path | None = None) -> list[Verdict]:
    """Run the cells of a notebook's page and compare them; return a verdict for each code cell.

    Cells that place an exercise or a question are components of the page and get no verdict. `timeout` is in seconds
    for one cell; `sanitize` is the nbval file, the repository's unless given. Raises BootError, and ValueError for an
    unreadable tag.
    """
    sanitizer = browser_compare.read_sanitizer(sanitize or SANITIZE)
    name = notebook.relative_to(site.root).with_suffix(".html").as_posix()
    with browser_page.open_page(browser, site.address, name) as page:
        told = Teller(notebook, timeout, sanitizer)
        return list(_verdicts(page, cells_of(notebook), told, site.python))


def cells_of(notebook: Path) -> list[tuple[int, Any]]:
    """Return the cells that the page runs or could run, with their numbers among the notebook's code cells."""
    cells = notebook_files.code_cells(notebook_files.read(notebook))
    places = placed.cells(cell.source for cell in cells)
    return [(number, cell) for number, (cell, place) in enumerate(zip(cells, places, strict=True), start=1)
            if not place.placing and cell.source.strip()]


@dataclass(frozen=True)
class Teller:
    """What is the same for all cells of a notebook."""

    notebook: Path
    timeout: float
    sanitizer: browser_compare.Sanitizer

    def verdict(self, number: int, name: str, found: Sequence[str], seconds: float = 0.0) -> Verdict:
        """Return the verdict on a cell that was tried; `found` is what is wrong with it."""
        if not found:
            return Verdict(self.notebook, number, name, "same", seconds)
        body = "\n".join("  " + text.replace("\n", "\n    ") for text in found)
        problem = f"{self.notebook}, cell {number} ({name}):\n{body}\n  What to do: {WHAT_TO_DO}."
        return Verdict(self.notebook, number, name, "differs", seconds, problem)


def _verdicts(page: LessonPage, cells: Sequence[tuple[int, Any]], told: Teller, python: str) -> Iterator[Verdict]:
    known, lost = page.cells(), False
    for number, cell in cells:
        name = str(cell.get("id", "no id"))
        if name not in known:
            yield told.verdict(number, name, ["has no Run button in the built page"])
        elif not runs_here(notebook_files.tags(cell), python):
            yield Verdict(told.notebook, number, name, "skipped")
        elif lost:
            yield Verdict(told.notebook, number, name, "not run", problem="  Python ended in an earlier cell")
        else:
            done = page.run(name, told.timeout)
            lost = done.status in ("lost", "timeout", "asks")
            found = _found(cell, done, told.timeout, told.sanitizer) + _requests(page)
            yield told.verdict(number, name, found, done.seconds)


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
        return [f"still runs after {timeout:g} s, so Stop was pressed; make it end, or tag it needs-kernel"]
    if done.status == "asks":
        return ["waits for a line that a reader types: write the value into the cell"]
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
    return found + [f"{problem}\n(what Python sends is drawn by web/cell/outputs.mjs)"
                    for problem in browser_rendered.problems(done.outputs, done.shown)]


def _requests(page: LessonPage) -> list[str]:
    """Return, once, the requests that got past the policy of the page, and what the page complained of."""
    urls, page.other_hosts[:] = list(page.other_hosts), []
    said, page.complaints[:] = list(page.complaints), []
    return [f"asked for {url}: a cell makes no request to another host" for url in urls] + [
        f"made the page complain: {words}" for words in said]
