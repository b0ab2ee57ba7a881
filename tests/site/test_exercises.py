"""Exercises on the page: whole without a script, in their place, and refused with file and line when they are not."""

from pathlib import Path

import placed_book as placed
import pytest
import site_files
import synthetic_book as book
from bs4 import BeautifulSoup

from course.check import exercise
from course.site.build import BuildError, build


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return placed.write(tmp_path_factory.mktemp("placed")).resolve()


@pytest.fixture(scope="module")
def site(folder: Path) -> Path:
    return build(folder)


@pytest.fixture(scope="module")
def page(site: Path) -> BeautifulSoup:
    return site_files.soup(site, placed.PAGE)


@pytest.fixture(scope="module")
def section(page: BeautifulSoup) -> BeautifulSoup:
    return page.select_one("#exercise-count_loans")


def test_the_cell_and_its_import_become_a_section_with_a_heading(page: BeautifulSoup, section: BeautifulSoup) -> None:
    assert section.h3.get_text().startswith("Count the loans")
    assert section.parent["id"] == "your-turn"
    assert page.select_one("section#judgement").parent == section.parent.parent
    text = page.select_one("main").get_text()
    assert "course.lesson" not in text
    assert 'exercise("' not in text
    listed = [link["href"] for link in page.select(".page-contents a")]
    assert listed[-4:] == ["#your-turn", "#exercise-count_loans", "#exercise-count_in_sql", "#judgement"]
    assert page.select_one("#your-turn p a")["href"] == "#exercise-count_loans"
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))


def test_it_says_what_the_front_matter_says(page: BeautifulSoup, section: BeautifulSoup) -> None:
    facts = [span.get_text() for span in section.select(".exercise-facts > span")]
    assert facts == ["12 minutes", "2 points", "runs on your machine or in a browser"]
    other = page.select_one("#exercise-count_in_sql .exercise-facts")
    assert [span.get_text() for span in other.select("span") if span.parent == other] == [
        "12 minutes", "1 point", "needs a kernel: how to run it"]
    assert other.a["href"] == "../../book/how_to_run.html"


def test_statement_and_hints_are_rendered_with_links_that_lead_somewhere(site: Path, section: BeautifulSoup) -> None:
    assert section.select_one("ol li code").get_text() == "count(loans)"
    assert [link["href"] for link in section.select("course-exercise > p a")] == [
        "../../book/glossary.html#term-unit-of-work", "../../book/how_to_run.html", "../../book/how_to_run.html"]
    hints = section.select("details.hint")
    assert [hint.summary.get_text() for hint in hints] == ["Hint 1: a nudge", "Hint 2: a direction"]
    assert not any(hint.has_attr("open") for hint in hints)
    assert hints[1].a["href"] == "../../book/glossary.html#term-unit-of-work"
    assert site_files.broken_links(site) == []
    used = site_files.soup(site, "book/glossary.html").select_one("#term-unit-of-work .used-in")
    assert used.get_text() == "Used in: Loans"


def test_a_live_component_finds_all_it_needs(folder: Path, page: BeautifulSoup, section: BeautifulSoup) -> None:
    task = exercise.load(folder, "loans/count_loans")
    element = section.select_one("course-exercise")
    assert {name: value for name, value in element.attrs.items() if name.startswith("data-")} == {
        "data-exercise": "loans/count_loans", "data-fingerprint": task.fingerprint, "data-points": "2",
        "data-needs": "", "data-file": "work/loans/count_loans.py"}
    assert [block.get_text() for block in element.select(".starter pre")] == [task.starter]
    assert element.select_one(".starter").has_attr("open")
    assert page.select_one("#exercise-count_in_sql course-exercise")["data-needs"] == "postgres"
    assert "work/loans/count_in_sql.sql" in page.select_one("#exercise-count_in_sql .exercise-howto").get_text()


def test_the_solution_is_folded_and_highlighted(folder: Path, section: BeautifulSoup) -> None:
    solution = section.select_one("details.solution")
    assert not solution.has_attr("open")
    assert "spoiler" in solution.summary.get_text()
    assert solution.pre.get_text() == exercise.load(folder, "loans/count_loans").solution
    assert solution.select("pre span.k")
    assert "4711" not in section.select_one(".starter").get_text()


def test_searching_finds_the_statement_and_no_spoiler(site: Path) -> None:
    index = (site / "searchindex.js").read_text(encoding="utf-8").lower()
    assert "shelf" in index
    assert "count the loans" in index
    assert not [word for word in ("nudgeword", "4711", "feedbackword") if word in index]


def test_only_pages_with_exercises_load_their_style(site: Path) -> None:
    def styles(name: str) -> list[str]:
        return [address for address in site_files.fetched(site_files.soup(site, name))
                if "lesson.css" in address]

    assert len(styles(placed.PAGE)) == 1
    assert styles("book/glossary.html") == []


def test_cells_that_place_do_not_count_as_cells_to_run(page: BeautifulSoup) -> None:
    assert "The code cell runs on your machine or in a browser." in page.select_one(".at-a-glance").get_text()


def test_an_edit_reaches_the_page(tmp_path: Path) -> None:
    folder = placed.write(tmp_path)
    site = build(folder)
    place = folder / "exercises/loans/count_loans"
    for name, old, new in (("task.md", "Shelf counts", "Newshelf counts"), ("hints.md", "nudgeword", "newhint"),
                           ("solution.py", "4711", "4712"), ("../quiz.md", "Odd too.", "Not even.")):
        file = place / name
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        build(folder)
        assert new in (site / placed.PAGE).read_text(encoding="utf-8"), name
    before = site_files.soup(site, placed.PAGE).select_one("course-exercise")["data-fingerprint"]
    (place / "checks.py").write_text('"""Other checks."""\n', encoding="utf-8")
    build(folder)
    assert site_files.soup(site, placed.PAGE).select_one("course-exercise")["data-fingerprint"] != before


def refused(folder: Path) -> list[str]:
    with pytest.raises(BuildError) as caught:
        build(folder)
    assert "Traceback" not in str(caught.value)
    return str(caught.value).splitlines()


def told(said: list[str], *words: str) -> bool:
    return any(all(word in line for word in words) for line in said)


def test_cells_that_are_not_as_they_must_be_stop_the_build(tmp_path: Path) -> None:
    cells = [placed.IMPORT, 'exercise("loans/lost")', 'name = "loans/count_loans"\nexercise(name)',
             'exercise("loans/count_loans")', '\nexercise("loans/count_loans")', 'exercise("elsewhere/lost")',
             'quiz("loans/unknown")', 'quiz("elsewhere/unknown")', 'quiz("loans/whole")\nquiz("loans/whole")',
             'predict("loans/printed")']
    folder = placed.write(tmp_path, placed.lesson(*map(book.code, cells), book.markdown("No cell.")))
    said = refused(folder)
    file = "tiers/a/loans.ipynb: cell"
    assert told(said, f"{file} 4, line 1: ", "no exercise `loans/lost`", "count_in_sql, loans/count_loans", "; ")
    assert told(said, f"{file} 5, line 2: ", "no call of the form", "; ")
    assert told(said, f"{file} 7, line 2: ", f"stands on {file} 6, line 1 already", "; ")
    assert told(said, f"{file} 8, line 1: ", "no exercise `elsewhere/lost`", "; ")
    assert told(said, f"{file} 9, line 1: ", "no question is called 'unknown'", "whole, several", "; ")
    assert told(said, f"{file} 10, line 1: ", "no exercises/elsewhere/quiz.md", "; ")
    assert told(said, f"{file} 11, line 2: ", "asked on this page already", "; ")
    assert told(said, f"{file} 12, line 1: ", "no code cell with an output", "; ")
    assert told(said, "exercises/loans/count_in_sql/task.md: ", "no page places", 'exercise("loans/count_in_sql")')
    assert told(said, "exercises/loans/quiz.md:21: ", "no page asks `loans/several`", 'quiz("loans/several")')
    assert told(said, f"{file} 5, line 1: ", "no call of the form", "; ")
    assert len(said) == 14, said  # with the heading, and two questions more that nobody asks
    assert refused(folder) == said


@pytest.mark.parametrize(("file", "text", "says"), [
    ("count_loans/task.md", "Count.\n", "exercises/loans/count_loans/task.md:1: no front matter"),
    ("count_loans/hints.md", "## Help\nText.\n", "exercises/loans/count_loans/hints.md: its sections"),
    ("count_loans/solution.py", "# >>> open\n", "exercises/loans/count_loans/solution.py:1: `>>>` is never closed"),
    ("count_loans/task.md", placed.TASK.replace("#term-unit", "#term-knit"),
     "exercises/loans/count_loans/task.md:6: the glossary has no term-knit-of-work"),
    ("count_loans/task.md", placed.TASK.replace("book/how_to_run", "nowhere"),
     "exercises/loans/count_loans/task.md:6: WARNING"),
    ("quiz.md", placed.QUIZ.replace("- [x] two", "- [] two"), "exercises/loans/quiz.md:25: '- [] two' is nearly"),
    ("quiz.md", placed.QUIZ.replace("- `one`", "- ```text\n  one\n  two\n  ```"),
     "exercises/loans/quiz.md:58: this is what the program of 'printed' prints"),
])
def test_mistakes_in_the_files_are_named_with_their_own_line(tmp_path: Path, file: str, text: str, says: str) -> None:
    folder = placed.write(tmp_path)
    (folder / "exercises/loans" / file).write_text(text, encoding="utf-8")
    said = refused(folder)
    assert told(said, says), said
    assert sum("exercises/loans" in line for line in said) == 1, said


def test_an_exercise_on_two_pages_and_one_of_no_lesson_in_the_book(tmp_path: Path) -> None:
    folder = placed.write(tmp_path)
    placed.write_exercise(folder, "cut_lesson/kept")  # a fork has taken that lesson out: nobody need place it
    (folder / "tiers/a/plain.ipynb").write_text(
        book.notebook(book.code(f'{placed.IMPORT}\nexercise("loans/count_loans")')), encoding="utf-8")
    said = refused(folder)
    assert told(said, "tiers/a/plain.ipynb: cell 2, line 2: ", "stands on tiers/a/loans.ipynb: cell")
    assert len(said) == 2
