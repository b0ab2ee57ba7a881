"""Broken exercises in SQL, broken labs, what stands beside them, and the command that proves them."""

from pathlib import Path

import pytest
from sound_exercises import LAB, QUERY, QUIZ, SETTINGS, Edit, assert_told, lay_out, write

from course import cli
from course.proof import prove, suite
from course.proof.prove_plan import ProveError

BROKEN_QUERY: dict[str, tuple[dict[str, Edit], str, str]] = {
    "the script fails": ({"setup.sql": ("book VALUES", "boook VALUES")}, "setup.sql",
                         'relation "boook" does not exist'),
    "the script is missing": ({"setup.sql": None}, "checks.py", 'relation "book" does not exist'),
    "a comment of another language": ({"wrong/ordered.sql": "# caught by: ordered\n# says: x\nSELECT 1;\n"},
                                      "wrong/ordered.sql", "begin with `-- caught by: NAME_OF_THE_CHECK`"),
    "the query is right": ({"wrong/ordered.sql": ("book;", "book ORDER BY 1;")}, "wrong/ordered.sql", "every check"),
}


@pytest.mark.parametrize("name", BROKEN_QUERY)
def test_a_broken_exercise_in_sql_is_refused(tmp_path: Path, name: str) -> None:
    edits, file, words = BROKEN_QUERY[name]
    lay_out(tmp_path, QUERY, edits)
    assert_told(prove.prove(tmp_path), file, words)


STORE = LAB["reference/shelf/store.py"]
BROKEN_LAB: dict[str, tuple[dict[str, Edit], str, str]] = {
    "the starter is missing": ({"starter/shelf/__init__.py": None, "starter/shelf/store.py": None}, "starter",
                               "missing or empty; a lab has `starter/`"),
    "the starter passes": ({"starter/shelf/store.py": STORE, "starter/shelf/names.py": "def tidy(book):\n"
                            "    return book\n"}, "starter", "the starter passes every check"),
    "the reference is wrong": ({"reference/shelf/store.py": ("len(self.books)", "2")}, "reference",
                               "`counts` refuses this right answer (reference): the first book is one book"),
    "a patch does not apply": ({"wrong/counts.patch": (" def add", " def sub")}, "wrong/counts.patch",
                               "does not apply: shelf/store.py has other lines from line 8 on; make it anew"),
    "a patch changes nothing": ({"wrong/counts.patch": "caught by: counts\nsays: x\n"}, "wrong/counts.patch",
                                "holds no unified diff; make one"),
    "a patch is right": (
        {"wrong/counts.patch": LAB["wrong/counts.patch"].replace("+8,2", "+8,3")
         + "+        return len(self.books) + 0\n"},
        "wrong/counts.patch", "every check passes this wrong answer; make `counts` refuse it"),
    "a patch that is longer than it says": (
        {"wrong/counts.patch": LAB["wrong/counts.patch"] + "+        return 2\n"}, "wrong/counts.patch",
        "more lines than its `@@` line says"),
    "a patch promises nothing": ({"wrong/counts.patch": ("caught by: counts\n", "")}, "wrong/counts.patch",
                                 "begin with `caught by: NAME_OF_THE_CHECK` and `says: WORDS`"),
    "another check catches it first": (
        {"wrong/apart_in_one_list.patch": None, "wrong/apart.patch": LAB["wrong/counts.patch"].replace(
            "by: counts", "by: apart")}, "wrong/apart.patch", "`counts` catches it first"),
    "a check that no patch needs": ({"wrong/apart_in_one_list.patch": None}, "checks.py", "add wrong/apart.patch"),
    "an example that is not true": ({"lab.md": ("\n1\n", "\n2\n")}, "lab.md",
                                     "line 11: `Store().add('Emma')` gives `1`, not `2`"),
    "points that do not add up": ({"lab.md": ("points: 2", "points: 1")}, "lab.md", "write `points: 2`"),
    "a file that nobody reads": ({"task.txt": "x"}, "task.txt", "this folder holds checks.py, hints.md, lab.md, "
                                 "reference, starter, wrong/*.patch"),
}


@pytest.mark.parametrize("name", BROKEN_LAB)
def test_a_broken_lab_is_refused(tmp_path: Path, name: str) -> None:
    edits, file, words = BROKEN_LAB[name]
    lay_out(tmp_path, LAB, edits)
    assert_told(prove.prove(tmp_path), file, words)


@pytest.mark.parametrize(("name", "text", "fault"), [
    ("books/README.md", "x", "exercises/books/README.md: no exercise (task.md), no lab (lab.md) and no quiz.md"),
    ("books/empty/notes.md", "x", "exercises/books/empty: no exercise (task.md)"),
    ("notes.md", "x", "exercises/notes.md: no exercise"),
    ("books/Sound/task.md", "x", "exercises/books/Sound: a name is small letters, digits and _"),
    ("books/quiz.md", QUIZ.replace("> The sum.\n", ""), "exercises/books/quiz.md:1: "),
    ("books/quiz.md", QUIZ.replace("`11`", "`2`"), "exercises/books/quiz.md:7: this is what the program of"),
])
def test_what_stands_beside_the_exercises_is_told(tmp_path: Path, name: str, text: str, fault: str) -> None:
    write(tmp_path, f"exercises/{name}", text)
    [told] = prove.prove(tmp_path).faults
    assert told.startswith(fault)


@pytest.mark.parametrize("name", ["books/quiz.md", "books/sound/wrong/port.yaml"])
def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path, name: str) -> None:
    lay_out(tmp_path, SETTINGS, {})
    (tmp_path / "exercises" / name).write_bytes(b"# caught by: port\n# says: Stra\xdfe\n")
    [told] = prove.prove(tmp_path).faults
    assert "exercises/books/" in told
    assert told.endswith("save it as UTF-8")


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with two exercises and a quiz, one of which has a fault."""
    (tmp_path / "_toc.yml").write_text("root: book/index\n")
    lay_out(tmp_path, SETTINGS, {}, "books/settings")
    lay_out(tmp_path, SETTINGS, {"notes.txt": "x"}, "loans/settings")
    write(tmp_path, "exercises/books/quiz.md", QUIZ)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("names", "proven", "code"), [
    ([], {"books/settings", "loans/settings", "books/quiz"}, 1),
    (["books"], {"books/settings", "books/quiz"}, 0),
    (["books/quiz"], {"books/quiz"}, 0),
    (["exercises/books/quiz.md"], {"books/quiz"}, 0),
    (["exercises/loans/settings/", "books/quiz"], {"loans/settings", "books/quiz"}, 1),
])
def test_the_command_proves_what_is_named(course: Path, capsys: pytest.CaptureFixture[str], names: list[str],
                                          proven: set[str], code: int) -> None:
    assert cli.main(["prove", *names]) == code
    out = capsys.readouterr().out
    assert {line.split("] ")[1].split(":")[0].split(" ")[0] for line in out.splitlines() if "] " in line} == proven
    assert ("exercises/loans/settings/notes.txt: nobody reads this" in out) == bool(code)
    assert f"{code} faults" in out.splitlines()[-1]


def test_an_unknown_name_is_refused_with_those_there_are(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["prove", "books/setings"]) == 1
    assert "there are: books/quiz, books/settings, loans/settings" in capsys.readouterr().err
    with pytest.raises(ProveError, match="'book'"):
        prove.prove(course, ["book"])


def test_the_suite_counts_what_was_proven(course: Path) -> None:
    assert prove.main([f"--junitxml={course / 'report.xml'}"]) == 1
    assert suite.count(course / "report.xml") == (12, 1, 0)  # 2 * (5 answers, the exercise) and the quiz, less a fault


def test_nothing_to_prove_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                  capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "_toc.yml").write_text("root: book/index\n")
    monkeypatch.chdir(tmp_path)
    assert prove.main([f"--junitxml={tmp_path / 'report.xml'}"]) == 0
    assert "nothing was proven" in capsys.readouterr().out
    assert suite.count(tmp_path / "report.xml") == (0, 0, 1)


def test_the_suite_has_the_step() -> None:
    names = [step.name for step in suite.STEPS]
    assert names.index("notebooks") < names.index("exercises") < names.index("course")
