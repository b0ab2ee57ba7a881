"""A new exercise or quiz: a copy that is sound but for what its marks ask, and that overwrites nothing."""

import shutil
from pathlib import Path

import pytest

from course import cli, repository
from course.check import exercise, quiz
from course.proof import new_exercise, prove

ROOT = repository.root()


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tiers" / "1_foundations").mkdir(parents=True)
    (tmp_path / "tiers" / "1_foundations" / "threads_gil.ipynb").write_text("{}", encoding="utf-8")
    (tmp_path / "_toc.yml").write_text("root: book/index\n", encoding="utf-8")
    shutil.copytree(ROOT / new_exercise.TEMPLATE, tmp_path / new_exercise.TEMPLATE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_exercise_reads_and_is_marked_in_every_file(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["new", "exercise", "threads_gil/count_turns"]) == 0
    found = exercise.load(course, "threads_gil/count_turns")
    assert new_exercise.MARK in found.statement
    assert new_exercise.MARK in found.hints[0]
    files = [path for path in found.folder.rglob("*") if path.is_file()]
    assert len(files) == 8
    assert {len(new_exercise.author_notes(path)) for path in files} == {1}
    wrong = (found.folder / "wrong" / "keeps_the_list.py").read_text(encoding="utf-8").splitlines()
    assert wrong[0].startswith("# caught by: ")
    assert wrong[1].startswith("# says: ")
    assert "prove threads_gil/count_turns" in capsys.readouterr().out


def test_the_proof_refuses_nothing_but_the_marks(course: Path) -> None:
    """What is copied is sound, so that an author begins with something that works."""
    new_exercise.start_exercise(course, "threads_gil/count_turns")
    new_exercise.start_quiz(course, "threads_gil")
    faults = prove.prove(course, ["threads_gil"]).faults
    assert len(faults) == 9
    assert all("this is still the template's" in fault for fault in faults)


def test_a_new_quiz_reads_and_is_marked(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["new", "quiz", "threads_gil"]) == 0
    path = course / "exercises" / "threads_gil" / "quiz.md"
    assert len(quiz.parse(path.read_text(encoding="utf-8"), path).questions) == 2
    assert new_exercise.author_notes(path)[0].startswith(f"{path}:3: this is still the template's: a question")
    assert 'quiz("threads_gil/<question>")' in capsys.readouterr().out


@pytest.mark.parametrize(("kind", "address", "why"), [
    ("exercise", "count_turns", "an exercise's address is <lesson>/<name>"),
    ("exercise", "threads_gil/CountTurns", "both in snake_case"),
    ("exercise", "threads_gil/a/b", "both in snake_case"),
    ("exercise", "threads/count_turns", "no page is called threads: begin the lesson first"),
    ("exercise", "template_lesson/own_list", "exercises/template_lesson/own_list exists already"),
    ("quiz", "threads_gil/quiz", "a quiz belongs to a lesson"),
    ("quiz", "threads", "no page is called threads"),
    ("quiz", "template_lesson", "exists already: add your questions there"),
])
def test_a_wrong_address_is_refused_with_why(course: Path, capsys: pytest.CaptureFixture[str], kind: str,
                                             address: str, why: str) -> None:
    before = sorted(course.rglob("*"))
    assert cli.main(["new", kind, address]) == 1
    assert why in capsys.readouterr().err
    assert sorted(course.rglob("*")) == before
