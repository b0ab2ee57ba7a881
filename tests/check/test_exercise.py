"""The folder of an exercise: read whole, or refused with the file and what to do."""

from pathlib import Path

import pytest

from course.check import exercise
from course.check.cut import CutError, cut
from course.check.exercise import ExerciseError

TASK = "---\ntitle: Add\nminutes: 5\npoints: 1\n---\n\nWrite `add`.\n"
SOLUTION = "def add(a, b):\n    # >>> return the sum\n    return a + b\n    # <<<\n"
HINTS = "## A nudge\n\nPlus.\n\n## A direction\n\n`a + b`\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "exercises" / "sums" / "add"
    folder.mkdir(parents=True)
    for name, text in {"task.md": TASK, "solution.py": SOLUTION, "hints.md": HINTS, "checks.py": "# none"}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_an_exercise_is_read(root: Path) -> None:
    found = exercise.load(root, "sums/add")
    assert (found.title, found.minutes, found.points, found.needs) == ("Add", 5, 1, ())
    assert found.statement == "Write `add`.\n"
    assert found.hints == ("Plus.", "`a + b`")
    assert found.starter == "def add(a, b):\n    # TODO: return the sum\n    ...\n"
    assert found.solution == "def add(a, b):\n    return a + b\n"
    assert (found.name, found.language, found.runs_in_page) == ("add", "python", True)
    assert list(exercise.addresses(root)) == ["sums/add"]


def test_the_fingerprint_changes_with_what_is_checked(root: Path) -> None:
    before = exercise.load(root, "sums/add").fingerprint
    assert exercise.load(root, "sums/add").fingerprint == before
    (root / "exercises/sums/add/checks.py").write_text("# other", encoding="utf-8")
    assert exercise.load(root, "sums/add").fingerprint != before


@pytest.mark.parametrize("address", ["sums/multiply", "sums", "../sums/add", "sums/add/x", "Sums/add", ""])
def test_an_address_that_is_none(root: Path, address: str) -> None:
    with pytest.raises(ExerciseError, match="there is no exercise"):
        exercise.load(root, address)


def test_an_unknown_name_lists_those_of_the_lesson(root: Path) -> None:
    with pytest.raises(ExerciseError, match="this lesson has sums/add"):
        exercise.load(root, "sums/ad")


@pytest.mark.parametrize(("name", "text", "words"), [
    ("task.md", "Write it.\n", "task.md:1: no front matter"),
    ("task.md", TASK.replace("minutes: 5", "minutes: five"), "`minutes:` must be a whole number"),
    ("task.md", TASK.replace("points: 1\n", ""), "`points:` must be a whole number above 0, not missing"),
    ("task.md", TASK.replace("points: 1", "pionts: 1"), "task.md:4: 'pionts: 1' is not one of the lines known"),
    ("task.md", TASK.replace("title: Add\n", ""), "must have a `title"),
    ("task.md", TASK.replace("Write `add`.", ""), "a statement beneath"),
    ("task.md", TASK.replace("points: 1", "points: 1\nneeds: windows"), "`needs:` knows kernel and postgres"),
    ("hints.md", "Think.\n", "its sections must be"),
    ("hints.md", "## A direction\n\nx\n", "its sections must be"),
    ("hints.md", "## A nudge\n\n", "its sections must be"),
    ("solution.sql", "SELECT 1\n", "exactly one of"),
])
def test_a_folder_that_is_not_as_it_must_be(root: Path, name: str, text: str, words: str) -> None:
    (root / "exercises/sums/add" / name).write_text(text, encoding="utf-8")
    with pytest.raises(ExerciseError) as raised:
        exercise.load(root, "sums/add")
    assert words in str(raised.value)


@pytest.mark.parametrize("name", ["checks.py", "solution.py", "hints.md"])
def test_a_missing_file_is_named(root: Path, name: str) -> None:
    (root / "exercises/sums/add" / name).unlink()
    with pytest.raises(ExerciseError, match=name.partition(".")[0]):
        exercise.load(root, "sums/add")


def test_sql_is_cut_without_a_placeholder() -> None:
    cuts = cut("SELECT 1;\n-- >>> count the books\nSELECT count(*) FROM book;\n-- <<<\n", "solution.sql")
    assert cuts.starter == "SELECT 1;\n-- TODO: count the books\n"
    assert cuts.solution == "SELECT 1;\nSELECT count(*) FROM book;\n"


def test_a_starter_may_be_something_broken() -> None:
    cuts = cut("def add(a, b):\n    # >>> repair this\n    #| total = a\n    #|\n    #| return total\n"
               "    return a + b\n    # <<<\n", "solution.py")
    assert cuts.starter == "def add(a, b):\n    # TODO: repair this\n    total = a\n\n    return total\n"
    assert cuts.solution == "def add(a, b):\n    return a + b\n"


@pytest.mark.parametrize(("text", "words"), [
    ("x = 1\n", "s.py:1: nothing is cut out"),
    ("# >>> x\nx = 1\n", "s.py:1: `>>>` is never closed"),
    ("# <<<\n", "s.py:1: `<<<` closes nothing"),
    ("# >>> x\n# >>> y\n# <<<\n", "s.py:2: `>>>` stands inside the part of line 1"),
    ("# >>>\nx = 1\n# <<<\n", "s.py:1: `>>>` says nothing"),
])
def test_marks_that_do_not_fit(text: str, words: str) -> None:
    with pytest.raises(CutError) as raised:
        cut(text, "s.py")
    assert words in str(raised.value)
