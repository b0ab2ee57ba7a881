"""The commands about exercises, as a script or a plain terminal sees them: words, files, exit codes."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
RIGHT = "def add(first, second):\n    return first + second\n"


def mine(course: Path, name: str = "sum_up") -> Path:
    path = course / "work" / "numbers" / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def test_list_shows_the_order_of_the_page_and_what_is_passed(course: Path, run: Run) -> None:
    mine(course).write_text(RIGHT, encoding="utf-8")
    assert run("check", "sum_up").returncode == 0
    mine(course, "add").write_text("def add(a, b):\n    return a\n", encoding="utf-8")
    assert run("check", "add").returncode == 1
    lines = run("list").stdout.splitlines()
    assert [line.split()[:2] for line in lines[1:3]] == [["passed", "numbers/sum_up"], ["begun", "numbers/add"]]
    assert "1 of 2 passed." in lines[-1]


def test_a_pass_of_an_exercise_that_has_changed_says_so(course: Path, run: Run) -> None:
    mine(course).write_text(RIGHT, encoding="utf-8")
    run("check", "sum_up")
    checks = course / "exercises/numbers/sum_up/checks.py"
    checks.write_text(checks.read_text(encoding="utf-8") + "\n# more\n", encoding="utf-8")
    assert "(has changed since)" in run("list").stdout


def test_next_makes_the_file_and_shows_the_task(course: Path, run: Run) -> None:
    said = run("next")
    assert (said.returncode, mine(course).exists()) == (0, True)
    for words in ("The title of sum_up", "numbers/sum_up, 5 minutes, 2 points", "Write add for sum_up",
                  "work/numbers/sum_up.py", "course watch"):
        assert words in said.stdout


def test_next_of_a_lesson_and_of_one_that_is_none(run: Run) -> None:
    assert "The title of sum_up" in run("next", "numbers").stdout
    assert "there is no exercise 'letters'" in run("next", "letters").stderr
    assert "The title of add" in run("next", "add").stdout


def test_a_file_that_has_gone_begins_anew_and_says_so(course: Path, run: Run) -> None:
    mine(course).write_text("def add(a, b):\n    return a\n", encoding="utf-8")
    run("check")
    mine(course).unlink()
    assert "work/numbers/sum_up.py was missing: it begins anew from the starter." in run("check").stdout


def test_when_all_are_passed_next_says_so(course: Path, run: Run) -> None:
    for name in ("sum_up", "add"):
        mine(course, name).write_text(RIGHT, encoding="utf-8")
        run("check", name)
    for command in ("next", "check", "hint", "watch"):
        assert "Every exercise here is passed." in run(command).stdout


def test_check_says_what_was_tried_expected_and_came(course: Path, run: Run) -> None:
    mine(course).write_text("def add(a, b):\n    print('here')\n    return a\n", encoding="utf-8")
    said = run("check")
    assert said.returncode == 1
    assert [line.rstrip() for line in said.stdout.splitlines()[1:]] == [
        "NOT YET  it adds small numbers", "         add(1, 2) is not the sum", "         expected  3",
        "         got       1", "         your code printed:", "           here",
        "         Hint 1 helps here: course hint sum_up --number 1", "later    it adds texts", "",
        "0 of 2 checks pass."]


def test_hints_come_one_after_the_other(run: Run) -> None:
    assert [run("hint").stdout.splitlines()[0] for _ in range(3)] == ["Hint 1 of 2", "Hint 2 of 2", "Hint 2 of 2"]
    assert "Plus." in run("hint", "sum_up", "--number", "1").stdout
    assert "has hints 1 to 2, no hint 3" in run("hint", "sum_up", "--number", "3").stderr


def test_the_solution_is_not_spoiled_unasked(course: Path, run: Run) -> None:
    said = run("solution", "sum_up")
    assert (said.returncode, "return first + second" in said.stdout) == (1, False)
    assert "say --yes" in " ".join(said.stderr.split())
    assert "return first + second" in run("solution", "sum_up", "--yes").stdout
    mine(course).write_text(RIGHT, encoding="utf-8")
    run("check", "sum_up")
    assert "return first + second" in run("solution", "sum_up").stdout


def test_reset_puts_the_text_aside_and_undo_brings_it_back(course: Path, run: Run) -> None:
    mine(course).write_text(RIGHT, encoding="utf-8")
    assert run("reset", "sum_up").returncode == 1  # nobody there to answer
    assert mine(course).read_text(encoding="utf-8") == RIGHT
    assert "--undo" in run("reset", "sum_up", "--yes").stdout
    assert "TODO" in mine(course).read_text(encoding="utf-8")
    assert run("reset", "sum_up", "--undo").returncode == 0
    assert mine(course).read_text(encoding="utf-8") == RIGHT
    assert run("reset", "add", "--undo").returncode == 1


@pytest.mark.parametrize("name", ["numbers/sum_up", "sum_up", "work/numbers/sum_up.py", "exercises/numbers/sum_up"])
def test_an_exercise_has_several_names(run: Run, name: str) -> None:
    assert "work/numbers/sum_up.py" in run("check", name).stdout


@pytest.mark.parametrize(("arguments", "words"), [
    (("check", "sum_upp"), "is it sum_up?"),
    (("check", "zzz"), "there is no exercise 'zzz'. `course list` shows them all."),
    (("list", "letters"), "no lesson 'letters' has exercises; there are numbers"),
])
def test_a_name_that_is_none_is_answered(run: Run, arguments: tuple[str, ...], words: str) -> None:
    said = run(*arguments)
    assert (said.returncode, said.stdout) == (1, "")
    assert words in " ".join(said.stderr.split())


def test_broken_checks_are_not_the_learners_fault(course: Path, run: Run) -> None:
    (course / "exercises/numbers/sum_up/checks.py").write_text("x = \n", encoding="utf-8")
    said = run("check", "sum_up")
    assert said.returncode == 1
    assert "checks.py: SyntaxError" in " ".join(said.stderr.split())
    assert "Traceback" not in said.stderr


def test_a_corrupt_progress_is_set_aside_and_told(course: Path, run: Run) -> None:
    mine(course).parent.mkdir(parents=True, exist_ok=True)
    (course / "work/progress.json").write_text("{", encoding="utf-8")
    assert "set aside as progress.corrupt-1.json" in " ".join(run("list").stdout.split())
    assert (course / "work/progress.corrupt-1.json").read_text(encoding="utf-8") == "{"
