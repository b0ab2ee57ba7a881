"""Prove that the built pages do what they promise, in a real Chromium, by the reader's own code.

Each cell without the tag `needs-kernel` shows what its notebook stores, and each exercise that needs no machine is
judged as its folder promises. `python -m course.proof.browser [LESSON...]` brings the site up to date, prints one line
for each cell and each answer, and exits with 1 where one differs.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser

from course import repository
from course.proof import browser_cells, browser_exercises, browser_page, chromium, notebook_files
from course.proof.browser_page import BootError, Site
from course.proof.findings import Case
from course.runtime import RuntimeBuildError, assemble


def main(arguments: Sequence[str] | None = None) -> int:
    """Prove the lessons named on the command line, all without names; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m course.proof.browser", description=__doc__)
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="a lesson's name or its path")
    parser.add_argument("--timeout", type=float, default=browser_cells.SECONDS,
                        help="seconds for one cell (default: 60)")
    parser.add_argument("--site", type=Path, help="a site that is built already, with the page's own Python in it")
    options = parser.parse_args(arguments)
    try:
        root = repository.root()
        notebooks = notebook_files.chosen(root, options.lessons)
        with chromium.launch() as browser, browser_page.serve(root, options.site or build(root)) as site:
            right = [right for notebook in notebooks for right in _cells(browser, site, notebook, options.timeout)]
            right += _answers(browser, site, {notebook.stem for notebook in notebooks})
    except (chromium.NoBrowserError, RuntimeBuildError, BootError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return int(not all(right))


def _cells(browser: Browser, site: Site, notebook: Path, timeout: float) -> Iterator[bool]:
    """Prove a notebook's cells and print a line for each; yield whether it is right."""
    for verdict in browser_cells.prove(browser, notebook, site, timeout=timeout):
        print(verdict, flush=True)
        yield not verdict.problem


def _answers(browser: Browser, site: Site, lessons: set[str]) -> list[bool]:
    """Prove the exercises of these lessons and print a line for each answer; return which are right."""
    tasks = browser_exercises.exercises(site.root, lessons)
    if not tasks:
        return []
    with browser_exercises.open_checker(browser, site) as page:
        return [_told(case) for task in tasks for case in browser_exercises.prove(page, task)]


def _told(case: Case) -> bool:
    print("\n".join((f"{case.name}: {case.verdict}, {case.seconds:.2f} s", *case.faults)), flush=True)
    return not case.faults


def build(root: Path) -> Path:
    """Bring the site below `root` and the page's own Python up to date; return the folder. Raises BootError.

    The site is built by its own command, since the proof must not need Sphinx.
    """
    command = [sys.executable, "-m", "course.site.build", "--runtime", str(assemble())]
    done = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise BootError("the site could not be built, so no page can be proven")
    return root / "_build" / "html"


if __name__ == "__main__":
    sys.exit(main())
