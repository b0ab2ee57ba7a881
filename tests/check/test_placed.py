"""Which cells place an exercise or a question, and what is said of one that nearly does."""

import pytest

from course.check import placed
from course.check.placed import Cell, Placement

IMPORT = "from course.lesson import exercise, predict, quiz"


def kinds(*sources: str) -> list[Cell]:
    return list(placed.cells(sources))


def test_calls_are_found_with_their_lines_and_ordinary_cells_are_left_alone() -> None:
    ordinary = ["print(1)", "await fetch()", "def broken(:", "%timeit x", "", "model.predict('a/b')"]
    cells = kinds(*ordinary, IMPORT, 'exercise("a/b")', 'quiz("a/c")\n\nquiz("a/d")', f'{IMPORT}\npredict("a/e")')
    assert cells[:len(ordinary)] == [Cell()] * len(ordinary)
    assert all(cell.placing and not cell.faults for cell in cells[len(ordinary):])
    assert [cell.placements for cell in cells[len(ordinary):]] == [
        (), (Placement("exercise", "a/b", 1),),
        (Placement("quiz", "a/c", 1), Placement("quiz", "a/d", 3)), (Placement("predict", "a/e", 2),)]


@pytest.mark.parametrize(("source", "line", "says"), [
    ('name = "a/b"\nexercise(name)', 1, "own"),
    ('exercise("a/b")\nprint(1)', 2, "no call of the form"),
    ('shown = exercise("a/b")', 1, "no call of the form"),
    ('exercise(f"a/{1}")', 1, "no call of the form"),
    ('exercise("a/b", "a/c")', 1, "no call of the form"),
    ('exercise(address="a/b")', 1, "no call of the form"),
    ('exercise("a/b")\nexercise("a/c")', 2, "one exercise"),
    ('quiz("a/b")\npredict("a/c")', 2, "one exercise"),
    ("import course.lesson", 1, "from course.lesson import exercise, quiz, predict"),
    ("from course import lesson", 1, "from course.lesson import"),
    ("from course.lesson import quiz as ask", 1, "from course.lesson import"),
    ("if True:\n    from course.lesson import quiz", 2, "from course.lesson import"),
])
def test_a_cell_that_is_nearly_one_is_told_what_to_write(source: str, line: int, says: str) -> None:
    cell = kinds(IMPORT, source)[1]
    assert cell.placing
    assert any(at == line and says in what and ";" in what for at, what in cell.faults), cell.faults


def test_a_call_without_its_import_is_told() -> None:
    assert [what for _, what in kinds('quiz("a/b")')[0].faults] == [
        "`quiz` is not imported; begin the cell with `from course.lesson import quiz`"]
    later = kinds('quiz("a/b")', IMPORT)[0]
    assert later.faults
