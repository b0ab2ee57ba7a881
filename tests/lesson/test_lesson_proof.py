"""While lessons are proven, and in the page, the cells show nothing; the proof demands that what they name exists."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from small_course import write

from course.proof import notebook_files, notebooks, refresh

CELLS = ["from course.lesson import exercise, predict, quiz\n\nexercise(\"loans/add\")",
         'quiz("loans/keyword")\nquiz("loans/who_yields")', 'predict("loans/counts")']


@pytest.fixture
def notebook(root):
    """Write a lesson with these cells and return its path."""
    def made(*cells):
        path = root / "tiers" / "one" / "loans.ipynb"
        lesson = new_notebook(cells=[new_code_cell(cell, id=f"cell-{number}") for number, cell in enumerate(cells)])
        lesson.metadata["kernelspec"] = notebook_files.KERNEL
        nbformat.write(lesson, path)
        return path
    return made


@pytest.fixture(autouse=True)
def proof_ends_here(monkeypatch):
    monkeypatch.setenv("COURSE_PROOF", "1")  # `refresh` sets it for good


def test_a_refreshed_lesson_stores_nothing_and_nbval_finds_the_same(notebook, root):
    path = notebook(*CELLS)
    refresh.refresh(path)
    stored = nbformat.read(path, as_version=4)
    assert [cell.outputs for cell in stored.cells] == [[], [], []]
    assert "widgets" not in stored.metadata
    assert not (root / "work").exists()
    write(root, {"tests/nbval_sanitize.cfg": ""})
    done = subprocess.run(notebooks.command(root, [path], 1), cwd=root, capture_output=True, text=True, check=False)
    assert "3 passed" in done.stdout, done.stdout


@pytest.mark.parametrize(("call", "told"), [
    ('exercise("loans/nope")', "no exercise 'loans/nope': this lesson has loans/add"),
    ('quiz("loans/nope")', "no question is called 'nope'"),
    ('predict("nope/counts")', "no question 'nope/counts'"),
])
def test_a_lesson_that_names_what_does_not_exist_is_refused(notebook, call, told):
    name = call.partition("(")[0]
    with pytest.raises(ValueError, match=told):
        refresh.execute(notebook(f"from course.lesson import {name}\n{call}"))


def python(code, **environment):
    inherited = {name: value for name, value in os.environ.items() if name != "COURSE_PROOF"}
    done = subprocess.run([sys.executable, "-c", code], env=inherited | environment, capture_output=True, text=True,
                          check=True)
    return done.stdout


def test_the_import_costs_nothing():
    loaded = python("import sys; old = set(sys.modules); import course.lesson; print(*(set(sys.modules) - old))")
    assert set(loaded.split()) == {"course", "course.lesson"}


def test_in_the_page_nothing_is_shown_or_demanded():
    told = python("import sys; sys.platform = 'emscripten'\nfrom course.lesson import exercise, predict, quiz\n"
                  "print(exercise('no/where'), quiz('no/where', 'A'), predict('no/where'))\n"
                  "print('course.check' in sys.modules)")
    assert told == "None None None\nFalse\n"
