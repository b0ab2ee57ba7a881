"""Forked answers are judged as those in a process from scratch, faster, and nothing of one reaches the next."""

import os
import sys
from pathlib import Path

import psutil
import pytest
from bad_answers import CHECKS, RIGHT, TRICKS, WRONG, word

from course.check import runner
from course.check.nursery import Forked, Mother, Nursery
from course.check.results import Result

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is forked")
ENDINGS = ("endless loop", "endless await", "swallows the timeout", "os._exit", "crash", "prints without an end",
           "raises")


@pytest.fixture
def nursery():
    with Nursery() as nursery:
        yield nursery


def check(folder: Path, answer: str, nursery: Nursery, checks: str = CHECKS) -> Result:
    if not (folder / "checks.py").exists():
        (folder / "checks.py").write_text(checks, encoding="utf-8")
    (folder / "mine.py").write_text(answer, encoding="utf-8")
    return runner.run("lesson/mine", folder / "checks.py", folder / "mine.py", {"word": word}, nursery)


def test_one_mother_serves_all_answers(tmp_path: Path, nursery: Nursery) -> None:
    """Among them such as end their process, trick it, or leave something behind."""
    assert check(tmp_path, RIGHT, nursery).passed
    mother = nursery.take(tmp_path / "checks.py")
    assert mother is not None
    nursery.give_back(mother)
    for name in ENDINGS:
        source, identity, status, words = WRONG[name]
        problem = check(tmp_path, source, nursery).first_problem
        assert problem is not None
        assert (problem.id, problem.status) == (identity, status), name
        assert words in problem.words
    for name, source in TRICKS.items():
        assert not check(tmp_path, source, nursery).passed, name
    assert check(tmp_path, RIGHT, nursery).passed
    assert nursery.take(tmp_path / "checks.py") is mother
    nursery.give_back(mother)


def test_checks_that_changed_are_loaded_again(tmp_path: Path, nursery: Nursery) -> None:
    assert check(tmp_path, RIGHT, nursery).passed
    (tmp_path / "checks.py").write_text(CHECKS.replace('double(2), 4', 'double(2), 5'), encoding="utf-8")
    os.utime(tmp_path / "checks.py", ns=(1, 1))
    assert not check(tmp_path, RIGHT, nursery).passed


def test_checks_that_cannot_be_loaded_are_told_as_ever(tmp_path: Path, nursery: Nursery) -> None:
    with pytest.raises(runner.ChecksError, match="SyntaxError"):
        check(tmp_path, RIGHT, nursery, "x = \n")


def test_a_mother_that_was_killed_is_replaced(tmp_path: Path, nursery: Nursery) -> None:
    assert check(tmp_path, RIGHT, nursery).passed
    mother = nursery.take(tmp_path / "checks.py")
    assert mother is not None
    nursery.give_back(mother)
    psutil.Process(mother.pid).kill()
    assert check(tmp_path, RIGHT, nursery).passed


def test_nothing_is_left_when_the_nursery_closes(tmp_path: Path) -> None:
    with Nursery() as nursery:
        check(tmp_path, RIGHT, nursery)
        mother = nursery.take(tmp_path / "checks.py")
        assert mother is not None
        nursery.give_back(mother)
    assert not psutil.pid_exists(mother.pid)


def test_a_child_tells_its_exit_status(tmp_path: Path) -> None:
    (tmp_path / "checks.py").write_text(CHECKS, encoding="utf-8")
    mother = Mother(tmp_path / "checks.py")
    child = Forked(mother, str(tmp_path))
    assert child.poll() is None
    assert child.poll() is None  # asking again is no harm
    child.stdin.close()  # the line to us: the child ends with it
    assert child.wait(20) != 0
    child.stdout.close()
    child.stderr.close()
    mother.close()
    with pytest.raises(OSError, match=r"."):
        Forked(mother, str(tmp_path))
