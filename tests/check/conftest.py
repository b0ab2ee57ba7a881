"""A small exercise and a way to check answers to it."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from course.check import runner
from course.check.results import Result

CHECKS = '''
from course.check import check, expect

@check("it doubles a number", timeout=1)
def doubles(answer):
    expect(answer.double(2), 4, "double(2) is wrong", hint=1)

@check("it doubles a list", needs=doubles, timeout=1)
def doubles_a_list(answer):
    expect(answer.double([1]), [1, 1], "double([1]) is wrong")

@check("it waits", timeout=1)
async def waits(answer):
    expect(await answer.later(), "done", "await later() is wrong")
'''
RIGHT = '''
import asyncio

def double(value):
    return value + value

async def later():
    await asyncio.sleep(0)
    return "done"
'''


@contextlib.contextmanager
def word() -> Iterator[str]:
    yield "a word"


@pytest.fixture
def checked(tmp_path: Path) -> Callable[..., Result]:
    """Check an answer with the checks above, or with others."""
    def check(answer: str, checks: str = CHECKS) -> Result:
        (tmp_path / "checks.py").write_text(checks, encoding="utf-8")
        (tmp_path / "mine.py").write_text(answer, encoding="utf-8")
        return runner.run("lesson/mine", tmp_path / "checks.py", tmp_path / "mine.py", {"word": word})
    return check
