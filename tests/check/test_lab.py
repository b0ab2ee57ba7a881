"""The folder of a lab: read whole, refused with the file and what to do, and its answer loaded file by file."""

import shutil
from pathlib import Path

import pytest

from course.check import answer, lab
from course.check.answer import LabAnswer
from course.check.exercise import ExerciseError
from course.check.kit import Failure

FILES = {
    "lab.md": "---\ntitle: A shelf\nminutes: 30\npoints: 2\nneeds: kernel\n---\n\nWrite `stall.store`.\n",
    "checks.py": "# none",
    "starter/stall/__init__.py": "",
    "starter/stall/store.py": "def count():\n    ...\n",
    "reference/stall/__init__.py": "",
    "reference/stall/names.py": "NAMES = ['Emma']\n",
    "reference/stall/store.py": "from stall.names import NAMES\n\ndef count():\n    return len(NAMES)\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "exercises" / "modules" / "a_shelf"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_lab_is_read(folder: Path, tmp_path: Path) -> None:
    found = lab.load(tmp_path, "modules/a_shelf")
    assert (found.title, found.minutes, found.points, found.needs) == ("A shelf", 30, 2, ("kernel",))
    assert (found.name, found.statement, found.hints) == ("a_shelf", "Write `stall.store`.\n", ())
    assert [path.name for path in lab.files(found.starter)] == ["__init__.py", "store.py"]
    assert list(lab.addresses(tmp_path)) == ["modules/a_shelf"]


def test_its_hints_are_those_of_an_exercise(folder: Path) -> None:
    (folder / "hints.md").write_text("## A nudge\n\nCount.\n")
    assert lab.read(folder, "modules/a_shelf").hints == ("Count.",)
    (folder / "hints.md").write_text("## Perhaps\n\nCount.\n")
    with pytest.raises(ExerciseError, match="its sections must be"):
        lab.read(folder, "modules/a_shelf")


@pytest.mark.parametrize("changed", ["lab.md", "checks.py", "starter/stall/store.py"])
def test_the_fingerprint_changes_with_what_is_asked_or_checked(folder: Path, changed: str) -> None:
    before = lab.read(folder, "modules/a_shelf").fingerprint
    (folder / "starter" / "__pycache__").mkdir()
    (folder / "starter" / "__pycache__" / "store.pyc").write_bytes(b"\xff")
    (folder / "reference" / "stall" / "store.py").write_text("# other")
    assert lab.read(folder, "modules/a_shelf").fingerprint == before
    (folder / changed).write_text(FILES[changed] + "\n# more\n")
    assert lab.read(folder, "modules/a_shelf").fingerprint != before


@pytest.mark.parametrize(("missing", "words"), [
    ("starter", r"starter: missing or empty"),
    ("reference", r"reference: missing or empty"),
    ("checks.py", r"checks.py: missing"),
])
def test_a_missing_part_is_named(folder: Path, missing: str, words: str) -> None:
    path = folder / missing
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(ExerciseError, match=words):
        lab.read(folder, "modules/a_shelf")


@pytest.mark.parametrize("address", ["modules/other", "modules", "../modules/a_shelf", "Modules/a_shelf"])
def test_an_address_that_is_none(folder: Path, tmp_path: Path, address: str) -> None:
    with pytest.raises(ExerciseError, match="there is no lab"):
        lab.load(tmp_path, address)


def test_the_answer_is_a_folder_whose_modules_are_loaded_by_name(folder: Path) -> None:
    loaded = answer.load(folder / "reference")
    assert isinstance(loaded, LabAnswer)
    assert loaded.load("stall.store").count() == 1
    with pytest.raises(Failure, match=r"the lab has no module `stall.loans` \(stall/loans.py\)"):
        loaded.load("stall.loans")
