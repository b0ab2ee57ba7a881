"""A small course with two exercises, and the command `course` run in it as a learner runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CHECKS = '''from course.check import check, expect


@check("it adds small numbers")
def adds(answer):
    expect(answer.add(1, 2), 3, "add(1, 2) is not the sum", hint=1)


@check("it adds texts", needs=adds)
def adds_texts(answer):
    expect(answer.add("a", "b"), "ab", "add('a', 'b') is not the sum")
'''
SOLUTION = "def add(first, second):\n    # >>> return the sum\n    return first + second\n    # <<<\n"
FILES = {"checks.py": CHECKS, "solution.py": SOLUTION, "hints.md": "## A nudge\n\nPlus.\n\n## A direction\n\n`+`\n"}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return the root of the small course."""
    for name in ("add", "sum_up"):
        folder = tmp_path / "exercises" / "numbers" / name
        folder.mkdir(parents=True)
        task = f"---\ntitle: The title of {name}\nminutes: 5\npoints: 2\n---\n\nWrite `add` for **{name}**.\n"
        for file, text in {**FILES, "task.md": task}.items():
            (folder / file).write_text(text, encoding="utf-8")
    cells = [{"cell_type": "code", "source": "from course.lesson import exercise\nexercise('numbers/sum_up')"},
             {"cell_type": "code", "source": "exercise('numbers/add')"}]
    (tmp_path / "numbers.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    (tmp_path / "_toc.yml").write_text("root: numbers\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(course: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `course` with arguments, without a terminal."""
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "course.cli", *arguments], cwd=course, text=True, timeout=60,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False,
                              env={**os.environ, "COLUMNS": "100", "PYTHONPATH": str(Path(__file__).parents[2])})
    return run
