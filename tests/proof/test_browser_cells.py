"""Every lesson: each cell without the tag needs-kernel shows in the page what its notebook stores."""

import pytest

from course import repository
from course.proof import browser, names, notebook_files

NOTEBOOKS = notebook_files.all_notebooks(repository.root())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_names_come_from_cells_that_the_page_runs(path):
    found = names.problems(names.read_cells(path))
    assert not found, "\n".join(f"{path}: {problem}" for problem in found)


@pytest.mark.browser
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_page_shows_what_the_notebook_stores(path, browser_process, runtime):
    found = [verdict.problem for verdict in browser.prove(browser_process, path, runtime=runtime) if verdict.problem]
    assert not found, "\n".join(found)
