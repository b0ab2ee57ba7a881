"""Sound exercises are accepted, and of each rule a broken one is refused with the file and what to do."""

from pathlib import Path

import pytest
from sound_exercises import COPIES, HINTS, LAB, QUERY, SETTINGS, Edit, assert_told, lay_out

from course.proof import prove

CHECK_1 = ('expect(answer.first_free({"a": "Ada", "b": None, "c": None}), "b", '
           '"b is the first free copy of a, b, c", hint=1)')


@pytest.mark.parametrize(("files", "answers"), [(COPIES, 7), (QUERY, 5), (SETTINGS, 5), (LAB, 6)],
                         ids=["Python", "SQL", "YAML", "lab"])
def test_a_sound_exercise_is_accepted(tmp_path: Path, files: dict[str, str], answers: int) -> None:
    lay_out(tmp_path, files, {})
    (tmp_path / "exercises/books/sound/__pycache__").mkdir()
    said: list[str] = []
    proof = prove.prove(tmp_path, report=said.append)
    assert proof.faults == ()
    assert [line.split("]")[0] for line in said] == [f"[{number}/{answers}" for number in range(1, answers + 1)]
    assert len(proof.cases) == answers + 1
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {f"exercises/books/sound/{name}" for name in files}


WRONG_3 = "# caught by: finds_the_first\n# says: expected: 'b'\ndef first_free(copies):\n    return 'a'\n"
BROKEN: dict[str, tuple[dict[str, Edit], str, str]] = {
    "the folder cannot be read": ({"hints.md": None}, "hints.md", "write up to three hints"),
    "unknown front matter": ({"task.md": ("minutes", "hours")}, "task.md:3", "one of the lines known here"),
    "the marks do not fit": ({"solution.py": ("    # <<<\n", "")}, "solution.py:6", "add a line with `<<<`"),
    "the starter cannot be loaded": (
        {"solution.py": ("    # <<<\n", "    # <<<\n\n\nassert first_free({'a': None}) == 'a'\n")},
        "solution.py", "the starter cannot be loaded (Your code raises AssertionError in line 10"),
    "the starter passes": (
        {"solution.py": ('    """Return', '    for copy in copies:\n        if copies[copy] is None:\n'
                         '            return copy\n    """Return')}, "solution.py", "cut more out of it"),
    "the starter fails by an accident": (
        {"checks.py": ('expect(answer.first_free({"a": "Ada"}), None',
                       'expect(answer.first_free({"a": None})[0], "a"')},
        "checks.py", "`none_is_free` could not be finished on the starter"),
    "the solution is wrong": (
        {"solution.py": ("holder is None)", "holder)")}, "solution.py",
        "`finds_the_first` refuses this right answer (solution.py): b is the first free copy of a, b, c | "
        "expected: 'b' | got: 'a'; repair the answer or the check"),
    "a right answer is refused": (
        {"right/loop.py": ("return None", "return ''")}, "right/loop.py", "`none_is_free` refuses this right answer"),
    "a right answer cannot be loaded": (
        {"right/loop.py": ("copies.items():", "copies.items()")}, "right/loop.py", "the right cannot be loaded"),
    "a wrong answer is right": (
        {"wrong/none_is_free.py": ("if holder is None)", "if holder is None) if None in copies.values() else None")},
        "wrong/none_is_free.py", "every check passes this wrong answer; make `none_is_free` refuse it"),
    "a wrong answer cannot be loaded": (
        {"wrong/none_is_free.py": ("if holder is None)", "if holder is None")}, "wrong/none_is_free.py",
        "every answer must load"),
    "a wrong answer ends in an error of the check": (
        {"checks.py": (CHECK_1, 'expect(answer.first_free({"a": None}) + "", "a", "a", hint=1)\n    ' + CHECK_1),
         "wrong/finds_the_first_number.py": "# caught by: finds_the_first\n# says: b is\ndef first_free(copies):\n"
                                            "    return 1\n"},
        "checks.py", "`finds_the_first` could not be finished on wrong/finds_the_first_number.py (The check could"),
    "another check catches it first": (
        {"wrong/none_is_free.py": ("return next(copy", "return 'z' or next(copy")}, "wrong/none_is_free.py",
        "`finds_the_first` catches it first (b is the first free copy of a, b, c | expected: 'b' | got: 'z'), not "
        "`none_is_free`; leave one mistake in it, or name that check"),
    "the check does not say what is promised": (
        {"wrong/none_is_free.py": ("says: StopIteration", "says: nobody")}, "wrong/none_is_free.py",
        "`none_is_free` does not say 'nobody' but: Your code raises StopIteration"),
    "a wrong answer promises nothing": (
        {"wrong/none_is_free.py": ("# says: StopIteration\n", "")}, "wrong/none_is_free.py",
        "begin with `# caught by: NAME_OF_THE_CHECK` and `# says: WORDS`"),
    "a wrong answer names no check": (
        {"wrong/none_is_free.py": ("by: none_is_free", "by: nobody")}, "wrong/none_is_free.py",
        "there is no check `nobody`; name one of finds_the_first, none_is_free"),
    "a wrong answer is not called after its check": (
        {"wrong/none_is_free.py": None, "wrong/none.py": COPIES["wrong/none_is_free.py"]}, "wrong/none.py",
        "call it `none_is_free.py` or `none_is_free_and_a_word.py`"),
    "one wrong answer": (
        {"wrong/none_is_free.py": None}, "wrong", "1 wrong answers; write at least 2"),
    "a check that no wrong answer needs": (
        {"wrong/none_is_free.py": None, "wrong/finds_the_first_always.py": WRONG_3}, "checks.py",
        "no wrong answer is caught by `none_is_free`; add wrong/none_is_free.py, or take the check out"),
    "points that do not add up": (
        {"task.md": ("points: 3", "points: 4")}, "task.md", "the checks give 3; write `points: 3`"),
    "a hint that is not there, seen": (
        {"checks.py": ("hint=1", "hint=len('abcd')")}, "checks.py", "hint 4, and hints.md has 2; correct the number"),
    "a hint that is not there, written": (
        {"checks.py": ('    expect(answer.first_free({"a": "Ada"})', '    expect(1, 1, "one", hint=3)\n'
                       '    expect(answer.first_free({"a": "Ada"})')}, "checks.py", "hint 3, and hints.md has 2"),
    "an example that is not true": (
        {"task.md": ("'south 1'\n>>>", "'south 2'\n>>>")}, "task.md",
        "line 14: `await later()` gives `'south 1'`, not `'south 2'`; correct the example or the solution"),
    "an example that raises": (
        {"task.md": ("first_free(None)", "first_free({})")}, "task.md", "gives ``, not `AttributeError"),
    "an example with another exception": (
        {"task.md": ("'NoneType' object has no", "no")}, "task.md",
        "line 16: `first_free(None)` gives `AttributeError: 'NoneType' object has no attribute"),
    "a role in the title": (
        {"task.md": ("title: The", "title: The {term}`copy`, the")}, "task.md:1", "write plain Markdown"),
    "a directive in the statement": (
        {"task.md": ("Shelf has", ":::{note}\nShelf has")}, "task.md:7", "':::{note}' is understood by the site only"),
    "a role in a hint": (
        {"hints.md": HINTS.replace("Look", "{term}`Look`")}, "hints.md:3", "'{term}`Look`' is understood by the site"),
    "a file that nobody reads": ({"notes.txt": "x"}, "notes.txt", "nobody reads this; take it out"),
    "a script without `needs: postgres`": ({"setup.sql": "SELECT 1"}, "setup.sql", "nobody reads this"),
    "a wrong answer in another language": ({"wrong/none_is_free.sql": "SELECT 1"}, "wrong/none_is_free.sql",
                                           "nobody reads this; take it out, this folder holds checks.py, hints.md, "
                                           "right/*.py, solution.py, task.md, wrong/*.py"),
    "a file that is not one": ({"right/loop.py": None, "right": "x"}, "right", "nobody reads this"),
    "checks that cannot be loaded": ({"checks.py": ("import Answer", "imp")}, "checks.py",
                                     "SyntaxError: invalid syntax (checks.py, line 3); repair the checks"),
    "checks that ask for what is not needed": (
        {"checks.py": ("none_is_free(answer: Answer)", "none_is_free(answer: Answer, database: str)")}, "checks.py",
        "asks for database, which is not handed in: name it under `needs:`"),
    "a check that always passes": (
        {"checks.py": (CHECK_1, 'expect(1, 1, "one is one")')}, "wrong/finds_the_first_at_the_end.py",
        "every check passes this wrong answer; make `finds_the_first` refuse it"),
    "a check that always fails": (
        {"checks.py": (CHECK_1, 'expect(1, 2, "one is two")')}, "solution.py",
        "`finds_the_first` refuses this right answer (solution.py, again): one is two"),
    "a check that compares nothing": (
        {"checks.py": (CHECK_1, "answer.first_free({})")}, "checks.py",
        "could not be finished on solution.py (The check compared nothing, so it proves nothing.)"),
    "a check that sees only itself": (
        {"checks.py": (CHECK_1, 'expect(answer.first_free({}), answer.first_free({}), "twice the same")')},
        "wrong/finds_the_first_at_the_end.py", "every check passes this wrong answer"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_exercise_is_refused(tmp_path: Path, name: str) -> None:
    edits, file, words = BROKEN[name]
    lay_out(tmp_path, COPIES, edits)
    assert_told(prove.prove(tmp_path), file, words)


def test_an_answer_that_passes_only_once_is_refused(tmp_path: Path) -> None:
    once = (f'{CHECK_1}\n    if "holder is None), None)" in source(answer):\n'
            f'        open({str(tmp_path / "seen")!r}, "a").write("x")\n'
            f'        expect(len(open({str(tmp_path / "seen")!r}).read()) < 2, True, "the second time")')
    checks = COPIES["checks.py"].replace(CHECK_1, once).replace("check, expect", "check, expect, source")
    lay_out(tmp_path, COPIES, {"checks.py": checks})
    assert_told(prove.prove(tmp_path), "solution.py", "the second time")
