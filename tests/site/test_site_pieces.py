"""The parts of the site's extension that are plain functions."""

import json
from pathlib import Path

import pytest
import synthetic_book

from course.site import build, description, formulas, glance, glossary, inputs, lesson_role, notebooks, pictures, theme

SOUND = json.loads(synthetic_book.lesson())


def test_a_notebook_tells_minutes_needs_objectives_and_where_it_runs() -> None:
    lesson = notebooks.parse(SOUND)
    assert (lesson.minutes, lesson.code_cells, lesson.kernel_cells) == (45, 6, 1)
    assert lesson.objectives[0] == "Explain what `Depends()` does"


@pytest.mark.parametrize(("about", "says"), [
    (None, "needs `course`"),
    ({"minutes": 5}, "needs `course` with exactly"),
    ({**synthetic_book.ABOUT, "minuts": 5}, "needs `course` with exactly"),
    ({**synthetic_book.ABOUT, "minutes": "45"}, "course.minutes is '45'"),
    ({**synthetic_book.ABOUT, "minutes": True}, "course.minutes is True"),
    ({**synthetic_book.ABOUT, "needs": "book/how_to_run"}, "course.needs"),
    ({**synthetic_book.ABOUT, "objectives": [1]}, "course.objectives"),
    ({**synthetic_book.ABOUT, "objectives": []}, "course.objectives is empty"),
])
def test_malformed_metadata_is_named_with_a_remedy(about: object, says: str) -> None:
    with pytest.raises(notebooks.NotebookError, match=says) as caught:
        notebooks.parse(json.loads(synthetic_book.notebook(about=about)))
    assert caught.value.remedy


def test_a_cell_that_was_never_run_is_named() -> None:
    content = json.loads(synthetic_book.notebook(synthetic_book.code("1", count=None)))
    with pytest.raises(notebooks.NotebookError, match="cell 2 was never run"):
        notebooks.parse(content)


def test_a_recorded_cell_needs_no_count() -> None:
    recorded = synthetic_book.code("1", synthetic_book.stream("1"), count=None)
    assert notebooks.parse(json.loads(synthetic_book.notebook(recorded))).code_cells == 1


def test_the_first_cell_is_the_title() -> None:
    with pytest.raises(notebooks.NotebookError, match="not a title"):
        notebooks.parse({**SOUND, "cells": SOUND["cells"][1:]})


@pytest.mark.parametrize(("cells", "kernel", "sentence"), [
    (14, 0, "All 14 cells run on your machine or in a browser."),
    (1, 0, "The code cell runs on your machine or in a browser."),
    (21, 4, "All 21 cells run on your machine, 17 of them in a browser too."),
    (21, 1, "All 21 cells run on your machine, 20 of them in a browser too."),
    (3, 3, "All 3 cells run on your machine."),
    (0, 0, "There is nothing to run."),
])
def test_where_a_lesson_runs_is_computed(cells: int, kernel: int, sentence: str) -> None:
    assert glance.where(cells, kernel) == sentence


def test_html_in_an_objective_stays_text() -> None:
    lesson = notebooks.Lesson(5, ("<b>bold</b>",), ("Write `<p>` & more",), 1, 0)
    html = glance.render(lesson, "a&b.ipynb", lambda page: None)
    assert "<b>" not in html
    assert "<code>&lt;p&gt;</code> &amp; more" in html
    assert 'data-notebook="a&amp;b.ipynb"' in html


@pytest.mark.parametrize(("term", "name"), [
    ("CI/CD", "term-ci-cd"), ("Dependency injection", "term-dependency-injection"), ("`Depends()`", "term-depends")])
def test_anchor_of_a_term(term: str, name: str) -> None:
    assert glossary.anchor(term) == name


def test_nearest_terms_are_offered() -> None:
    assert "term-endpoint" in glossary.nearest("term-endpiont", ["term-endpoint", "term-orm"])
    assert glossary.nearest("term-xyzzyx", ["term-endpoint"]) == "no term has a similar name"


def test_the_glossary_does_not_count_as_a_user_of_its_terms() -> None:
    uses: glossary.Uses = {"book/glossary": [("term-orm", 3)], "a": [("term-orm", 1), ("term-orm", 9)]}
    assert glossary.users(uses) == {"term-orm": ["a"]}


def test_two_lessons_of_one_name_are_found() -> None:
    assert inputs.duplicates(["a/x.ipynb", "b/x.ipynb", "b/y.ipynb", "c/y.md"]) == [("a/x.ipynb", "b/x.ipynb")]


def test_ids_of_an_svg_get_a_prefix_wherever_they_are_used() -> None:
    svg = ('<svg aria-labelledby="t d"><title id="t"/><desc id="d"/><marker id="fff"/><use href="#t"/>'
           '<path fill="#ffffff" marker-end="url(#fff)" style="fill:#abc"/></svg>')
    scoped = pictures.scope_ids(svg, "p1-")
    assert 'aria-labelledby="p1-t p1-d"' in scoped
    assert 'url(#p1-fff)' in scoped
    assert 'href="#p1-t"' in scoped
    assert 'fill="#ffffff"' in scoped
    assert "fill:#abc" in scoped


@pytest.mark.parametrize(("svg", "says"), [
    ("<svg><title>only</title></svg>", "no <title> and <desc>"), ("<svg><g></svg>", "not well-formed")])
def test_an_svg_without_words_is_refused(svg: str, says: str) -> None:
    svg = svg.replace("<svg>", '<svg xmlns="http://www.w3.org/2000/svg">')
    with pytest.raises(ValueError, match=says):
        pictures.inlined(svg, 1)


def test_a_description_is_cut_at_a_word() -> None:
    cut = description.shorten("word " * 60)
    assert len(cut) <= 160
    assert cut.endswith("word ...")
    assert description.shorten("two\n  lines") == "two lines"


@pytest.mark.parametrize(("text", "parts"), [
    ("Threads and the GIL <tiers/threads_gil>", ("Threads and the GIL", "tiers/threads_gil")), ("no page", None)])
def test_form_of_the_lesson_role(text: str, parts: tuple[str, str] | None) -> None:
    assert lesson_role.split(text) == parts


def test_warnings_about_notebooks_name_the_cell() -> None:
    said = "reading ...\n/course/a.ipynb:20004: WARNING: local id not found\n/course/b.md:7: WARNING: unknown\n"
    assert build.mistakes(said) == ["/course/a.ipynb: cell 2, line 3: WARNING: local id not found",
                                    "/course/b.md:7: WARNING: unknown"]


def test_a_formula_becomes_mathml() -> None:
    assert "<math" in formulas.mathml("a^2", block=False)


def test_a_theme_without_its_hooks_is_noticed(tmp_path: Path) -> None:
    assert theme.missing(theme._theme_folder()) == []
    gone = theme.missing(tmp_path)
    assert "block content" in gone
    assert "function generate_toctree_html" in gone


def test_the_fingerprint_follows_the_content(tmp_path: Path) -> None:
    page = tmp_path / "book" / "index.md"
    page.parent.mkdir()
    page.write_text("# One\n", encoding="utf-8")
    before = build.fingerprint(tmp_path)
    page.touch()
    assert build.fingerprint(tmp_path) == before
    page.write_text("# Two\n", encoding="utf-8")
    assert build.fingerprint(tmp_path) != before
