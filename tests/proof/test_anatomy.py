"""Each rule of a lesson's anatomy refuses a lesson that breaks it, and only then."""

from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course.proof import anatomy

PATH = Path("lesson.ipynb")
FIGURE = new_output("display_data", data={"image/svg+xml": "<svg/>"})


def sound():
    """A lesson that breaks no rule."""
    words = "A shelf holds books and members borrow them for a while. " * 40
    cells = [new_markdown_cell("# Loans\n\nAfter this you can lend a book.", id="title"),
             new_markdown_cell("## The problem\n\nA book is gone.", id="problem"), new_code_cell("print(1)", id="c0")]
    for number in range(3):
        asks = f"## Section {number}\n\n{words}\n\n> **Predict.** What comes?"
        cells.append(new_markdown_cell(asks, id=f"s{number}"))
        cells += [new_code_cell("print(2)", id=f"c{number}{i}", outputs=[FIGURE]) for i in range(4)]
    cells.append(new_markdown_cell("## When it breaks: a leak\n\nIt does.", id="breaks"))
    cells += [new_code_cell("from course.lesson import exercise, predict, quiz", id="imports"),
              new_code_cell('predict("loans/leak")', id="predict"), new_code_cell("leak()", id="leak")]
    cells.append(new_markdown_cell("## Misconceptions\n\nNone.", id="misconceptions"))
    cells += [new_code_cell('quiz("loans/one")\nquiz("loans/two")', id="quiz"),
              new_markdown_cell("## Your turn\n\nLend one.", id="turn")]
    cells += [new_code_cell('exercise("loans/lend")', id="lend"), new_markdown_cell("And another.", id="between"),
              new_code_cell('exercise("loans/give_back")', id="back")]
    cells.append(new_markdown_cell(
        "## Judgement\n\nRarely.\n\n## In short\n\n- One.\n- Two.\n- Three.\n\n"
        "## Go further\n\n- [PEP 8](https://peps.python.org/pep-0008/), how Python code is written.", id="end"))
    notebook = new_notebook(cells=cells)
    notebook.metadata["course"] = {"minutes": 60, "needs": [], "objectives": ["Lend it", "Return it", "Count it"]}
    return notebook


def edit(cell_id, old, new):
    def change(notebook):
        cell = next(cell for cell in notebook.cells if cell.id == cell_id)
        assert old in cell.source
        cell.source = cell.source.replace(old, new)
    return change


def course(**values):
    return lambda notebook: notebook.metadata["course"].update(values)


def without_figures(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []


def tagged(notebook):
    notebook.cells[2].metadata["tags"] = ["need-kernel"]


def cell_of(notebook, cell_id):
    return next(cell for cell in notebook.cells if cell.id == cell_id)


def move(cell_id, before):
    """Take a cell out and put it above another."""
    def change(notebook):
        cell = cell_of(notebook, cell_id)
        notebook.cells.remove(cell)
        notebook.cells.insert(notebook.cells.index(cell_of(notebook, before)), cell)
    return change


def without(*ids):
    return lambda notebook: [notebook.cells.remove(cell_of(notebook, cell_id)) for cell_id in ids]


BROKEN = [
    (anatomy.opening, edit("title", "# Loans", "Loans")),
    (anatomy.opening, edit("title", "lend a book.", "lend a book.\n\nAnd more.")),
    (anatomy.metadata, course(minutes="60")),
    (anatomy.metadata, course(needs="nothing")),
    (anatomy.metadata, course(objectives=["Lend it"])),
    (anatomy.metadata, course(objectives=["Lend it", "how to return", "Count it"])),
    (anatomy.order, edit("problem", "## The problem", "## Introduction")),
    (anatomy.order, edit("end", "## Judgement", "## Opinion")),
    (anatomy.order, edit("s1", "## Section", "### Section")),
    (anatomy.problem_runs, edit("c0", "print(1)", "print(1)\n" * 11)),
    (anatomy.predicts, lambda notebook: [edit(f"s{i}", "**Predict.**", "**Note.**")(notebook) for i in range(3)]),
    (anatomy.predicts, move("predict", "quiz")),
    (anatomy.predicts, move("predict", "misconceptions")),
    (anatomy.predicts, lambda notebook: [change(notebook) for change in (
        without("predict"), edit("s0", "**Predict.**", "**Note.**"), edit("s1", "**Predict.**", "**Note.**"))]),
    (anatomy.exercises, move("lend", "c01")),
    (anatomy.exercises, edit("lend", 'exercise("loans/lend")', 'exercise("loans/lend")\nprint(1)')),
    (anatomy.exercises, edit("lend", '"loans/lend"', "name")),
    (anatomy.exercises, lambda notebook: cell_of(notebook, "lend").update(outputs=[FIGURE])),
    (anatomy.exercises, lambda notebook: cell_of(notebook, "lend").metadata.update(tags=["needs-kernel"])),
    (anatomy.exercises, without("imports")),
    (anatomy.problem_runs, edit("c0", "print(1)", 'quiz("loans/three")')),
    (anatomy.shows, without_figures),
    (anatomy.shows, lambda notebook: [edit(f"c0{i}", "print(2)", f'quiz("loans/more_{i}")')(notebook)
                                      for i in range(4)]),
    (anatomy.size, lambda notebook: [edit(f"c{n}{i}", "print(2)", f'quiz("loans/more_{n}{i}")')(notebook)
                                     for n in range(2) for i in range(3)]),
    (anatomy.size, edit("c0", "print(1)", "print(1)\n" * 16)),
    (anatomy.size, edit("c0", "print(1)", f"print({'1' * 80})")),
    (anatomy.size, edit("breaks", "It does.", "It does. " * 500)),
    (anatomy.size, lambda notebook: notebook.cells.extend(new_code_cell("1", id=f"x{i}") for i in range(12))),
    (anatomy.sums_up, edit("end", "- Two.\n", "")),
    (anatomy.sums_up, edit("end", ", how Python code is written.", "")),
    (anatomy.plain_markdown, edit("problem", "A book", "{term}`Book` A book")),
    (anatomy.plain_markdown, edit("problem", "A book", ":::{note}\nA book")),
    (anatomy.plain_words, edit("problem", "A book is gone.", "A book is simply gone.")),
    (anatomy.plain_words, edit("problem", "A book is gone.", "Look [here](https://peps.python.org).")),
    (anatomy.no_magics, edit("c0", "print(1)", "%timeit print(1)")),
    (anatomy.no_magics, edit("c0", "print(1)", "display(1)")),
    (anatomy.no_author_notes, edit("problem", "A book is gone.", "> **Author.** Say what is gone.\n\nA book is gone.")),
    (anatomy.known_tags, tagged),
]


def test_a_sound_lesson_breaks_no_rule():
    assert anatomy.faults(PATH, sound()) == []


@pytest.mark.parametrize(("rule", "breaks"), BROKEN, ids=lambda value: getattr(value, "__name__", ""))
def test_a_lesson_that_breaks_a_rule_is_told_which(rule, breaks):
    notebook = sound()
    breaks(notebook)
    said = [fault.message for fault in anatomy.faults(PATH, notebook)]
    assert rule.__doc__ in said


def test_an_exercise_may_end_a_section_and_cells_that_place_do_not_count():
    notebook = sound()
    move("lend", "breaks")(notebook)
    move("imports", "c0")(notebook)
    assert anatomy.faults(PATH, notebook) == []
    notebook.cells[-1:-1] = [new_code_cell(f'exercise("loans/more_{i}")', id=f"more{i}") for i in range(12)]
    assert [fault.message for fault in anatomy.faults(PATH, notebook)] == []


def test_every_rule_is_broken_by_one_of_these():
    assert {rule for rule, _ in BROKEN} == set(anatomy.RULES)


def test_words_are_counted_as_they_are_read():
    assert anatomy.count_words("# Title\n\nRead [the page](https://example.org/a-b-c) now.\n\n| a | b |\n") == 4
