import shutil

import pytest

from course import cli, repository
from course.proof import anatomy, new_lesson, notebook_files

ROOT = repository.root()


@pytest.fixture
def course(tmp_path, monkeypatch):
    (tmp_path / "book").mkdir()
    (tmp_path / "tiers" / "1_foundations").mkdir(parents=True)
    (tmp_path / "_toc.yml").write_text("root: book/index\n")
    shutil.copy(ROOT / new_lesson.TEMPLATE, tmp_path / new_lesson.TEMPLATE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_lesson_is_a_sound_notebook_that_is_told_what_it_lacks(course, capsys):
    assert cli.main(["new", "lesson", "tiers/1_foundations/threads_gil"]) == 0
    path = course / "tiers" / "1_foundations" / "threads_gil.ipynb"
    notebook = notebook_files.read(path)
    assert notebook.cells[0].source.startswith("# Threads gil")
    assert "template_lesson" not in path.read_text(encoding="utf-8")  # its exercise and questions stay where they are
    assert not notebook_files.faults(path, notebook)
    lacking = {fault.message for fault in anatomy.faults(path, notebook)}
    assert anatomy.size.__doc__ in lacking
    assert anatomy.no_author_notes.__doc__ in lacking
    assert anatomy.opening.__doc__ in lacking or anatomy.predicts.__doc__ in lacking
    assert "refresh -- threads_gil" in capsys.readouterr().out


@pytest.mark.parametrize(("address", "why"), [
    ("threads_gil", "a lesson's address is"),
    ("course/1_foundations/threads_gil", "a lesson's address is"),
    ("tiers/1_foundations/Threads", "lower case"),
    ("tiers/1_foundations/threads_2", "without numbers"),
])
def test_a_wrong_address_is_refused_with_why(course, capsys, address, why):
    assert cli.main(["new", "lesson", address]) == 1
    assert why in capsys.readouterr().err
    assert not list((course / "tiers").rglob("*.ipynb"))


def test_a_name_that_is_taken_is_refused_and_nothing_is_lost(course, capsys):
    path = course / "tiers" / "1_foundations" / "loans.ipynb"
    path.write_text("mine")
    assert cli.main(["new", "lesson", "tiers/2_api_development/loans"]) == 1
    assert "has this name already" in capsys.readouterr().err
    assert path.read_text() == "mine"
