"""The learner's folder: made from starters, checked, reset and brought back, with nothing lost."""

import json
from pathlib import Path

import pytest

from course.check import exercise, progress, progress_file, reading_order, work

CHECKS = ('from course.check import check, expect\n@check("it adds")\ndef adds(answer):\n'
          '    expect(answer.add(1, 2), 3, "add(1, 2)", hint=1)\n')


def make(root: Path, address: str) -> exercise.Exercise:
    folder = root / "exercises" / address
    folder.mkdir(parents=True)
    for name, text in {
            "task.md": "---\ntitle: Add\nminutes: 5\npoints: 1\n---\n\nWrite `add`.\n", "checks.py": CHECKS,
            "solution.py": "def add(a, b):\n    # >>> the sum\n    return a + b\n    # <<<\n",
            "hints.md": "## A nudge\n\nPlus.\n\n## A direction\n\n`a + b`\n"}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return exercise.load(root, address)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    cells = [{"cell_type": "code", "source": ["from course.lesson import exercise\n", f'exercise("{address}")']}
             for address in ("sums/b", "sums/a")]
    (tmp_path / "sums.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n  - file: sums\n", encoding="utf-8")
    for address in ("sums/a", "sums/b", "other/c"):
        make(tmp_path, address)
    return tmp_path


def seen(root: Path, address: str = "sums/a") -> progress.Seen:
    return progress.seen(progress_file.load(work.progress_path(root)).progress, address)


def test_a_file_is_made_once_and_never_written_over(root: Path) -> None:
    task = exercise.load(root, "sums/a")
    path = work.prepare(root, task)
    assert path == root / "work" / "sums" / "a.py"
    assert path.read_text(encoding="utf-8") == task.starter
    path.write_text("mine", encoding="utf-8")
    work.prepare(root, task)
    assert path.read_text(encoding="utf-8") == "mine"


def test_attempts_are_noted_but_the_starter_is_none(root: Path) -> None:
    task = exercise.load(root, "sums/a")
    assert not work.attempt(root, task).passed
    assert (seen(root).status, seen(root).attempts) == ("new", 0)
    work.answer_path(root, task).write_text("def add(a, b):\n    return a\n", encoding="utf-8")
    assert not work.attempt(root, task).passed
    assert (seen(root).status, seen(root).attempts) == ("started", 1)
    work.answer_path(root, task).write_text(task.solution, encoding="utf-8")
    assert work.attempt(root, task).passed
    assert (seen(root).status, seen(root).attempts, seen(root).hash) == ("passed", 2, task.fingerprint)


def test_hints_come_one_by_one(root: Path) -> None:
    task = exercise.load(root, "sums/a")
    assert [work.hint(root, task) for _ in range(3)] == [(1, "Plus."), (2, "`a + b`"), (2, "`a + b`")]
    assert work.hint(root, task, 1) == (1, "Plus.")
    assert seen(root).hints == 2


def test_a_reset_puts_the_text_aside_and_undo_brings_it_back(root: Path) -> None:
    task = exercise.load(root, "sums/a")
    assert work.reset(root, task) is None  # nothing was written
    assert work.undo_reset(root, task) is None
    path = work.answer_path(root, task)
    path.write_text(task.solution, encoding="utf-8")
    work.attempt(root, task)
    aside = work.reset(root, task)
    assert aside is not None
    assert aside.read_text(encoding="utf-8") == task.solution
    assert (path.read_text(encoding="utf-8"), seen(root).status) == (task.starter, "new")
    path.write_text("newer", encoding="utf-8")
    assert work.undo_reset(root, task) == path
    assert (path.read_text(encoding="utf-8"), seen(root).status) == (task.solution, "passed")
    assert aside.read_text(encoding="utf-8") == "newer"  # nothing is lost either way
    path.unlink()
    assert work.undo_reset(root, task) == path
    assert path.read_text(encoding="utf-8") == "newer"


def test_exercises_come_in_the_order_of_the_pages(root: Path) -> None:
    assert reading_order.in_order(root) == ["sums/b", "sums/a", "other/c"]
    task = exercise.load(root, "sums/b")
    work.prepare(root, task).write_text(task.solution, encoding="utf-8")
    work.attempt(root, task)
    assert [left.address for left in work.unfinished(root)] == ["sums/a", "other/c"]
