"""Every notebook of the course: canonical, built as a lesson, with names that the page can follow."""

import pytest

from course import repository
from course.proof import anatomy, notebook_files

ROOT = repository.root()
NOTEBOOKS = notebook_files.all_notebooks(ROOT)
LESSONS = [path for path in NOTEBOOKS if path.parent != ROOT / "book"]  # the template is too short to be one


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_is_canonical(path):
    found = notebook_files.faults(path, notebook_files.read(path))
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_lesson_is_complete(path):
    found = anatomy.faults(path, notebook_files.read(path))
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_that_are_not_compared_are_on_the_list(path):
    """Only a figure of measured time may go uncompared: name its cell here; take the name out once repaired."""
    allowed = {"threads_gil": {"turns", "heartbeat", "eight-threads"},  # pictures of measured time
               "asyncio_structured": {"strip"},
               "processes_fork": {"starts-drawn"}, "greenlets": {"cost-bars"},
               "event_driven_io": {"waiting-times"}, "cpython_internals": {"twins-drawn"}}
    notebook = notebook_files.read(path)
    uncompared = {cell.id for cell in notebook_files.code_cells(notebook)
                  if "nbval-ignore-output" in notebook_files.tags(cell)}
    assert uncompared == allowed.get(path.stem, set())
