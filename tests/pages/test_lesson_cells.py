"""Every lesson: each cell without the tag needs-kernel shows in the built page what its notebook stores."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from course import repository
from course.proof import browser_cells, names, notebook_files
from course.proof.browser_cells import Verdict
from course.proof.browser_page import Site

NOTEBOOKS = notebook_files.all_notebooks(repository.root(Path(__file__).parent))
CELLS = [(path, number) for path in NOTEBOOKS for number, cell in browser_cells.cells_of(path)
         if "needs-kernel" not in notebook_files.tags(cell)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_names_come_from_cells_that_the_page_runs(path: Path) -> None:
    found = names.problems(names.read_cells(path))
    assert not found, "\n".join(f"{path}: {problem}" for problem in found)


@pytest.fixture(scope="module")
def verdicts(browser: Browser, site: Site) -> Callable[[Path], dict[int, Verdict]]:
    """Gives the verdicts on a notebook's cells, by their numbers; its page is opened once, its cells run in order."""
    return cache(lambda path: {verdict.number: verdict for verdict in browser_cells.prove(browser, path, site)})


@pytest.mark.browser
@pytest.mark.parametrize(("path", "number"), CELLS, ids=[f"{path.stem}-{number}" for path, number in CELLS])
def test_the_page_shows_what_the_notebook_stores(path: Path, number: int,
                                                 verdicts: Callable[[Path], dict[int, Verdict]]) -> None:
    verdict = verdicts(path)[number]
    if verdict.state == "skipped":
        pytest.skip("needs another Python than the page's")
    assert verdict.state == "same", verdict.problem
