"""The glossary: the ten first, the rest sorted, every term linked, and linked where a lesson first uses it."""

import re
from pathlib import Path

import nbformat
import pytest

from course import repository

ROOT = repository.root(Path(__file__).parent)
GLOSSARY = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
TEN = ["Version control", "CI/CD", "Containerization", "Microservices", "RESTful API", "TDD", "Clean architecture",
       "ASGI", "ORM", "JWT"]  # the course outline's, in its order
TERMS = re.findall(r"^### (.+)$", GLOSSARY, re.MULTILINE)
LESSONS = sorted(path for path in (ROOT / "tiers").glob("*/*.ipynb") if not path.name.startswith("ready_"))
LINK = r"glossary\.md#term-"
CODE = re.compile(r"^(`{3,}|:{3,}).*?^\1|`[^`]*`|^#.*?$", re.MULTILINE | re.DOTALL)


def anchor(term: str) -> str:
    """Return what a link to the term ends with."""
    return re.sub(r"[^a-z0-9]+", "-", term.lower()).strip("-")


def prose(lesson: Path) -> str:
    """Return the text of a lesson without code and headings."""
    cells = nbformat.read(lesson, as_version=4).cells
    return CODE.sub(" ", "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown"))


def first_use(term: str, text: str) -> re.Match[str] | None:
    """Find the term's first use; abbreviations as they are written, others in capitals or not, and in the plural."""
    words = re.escape(term if term.isupper() else term.lower())
    return re.search(rf"(?<![\w-])\[?{words}(?:s|es)?(?P<link>\]\([./]*book/{LINK}{anchor(term)}\))?(?![\w-])", text,
                     0 if term.isupper() else re.IGNORECASE)


def unmistakable(term: str) -> bool:
    """Say whether a term is no everyday word: `task` and `port` have other meanings, `event loop` and `GIL` do not."""
    return " " in term or "-" in term or term.isupper()


def test_the_ten_stand_first_and_the_others_in_order() -> None:
    assert TERMS[:10] == TEN
    assert TERMS[10:] == sorted(TERMS[10:], key=str.lower)
    assert len(TERMS) >= 120


@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_explained_and_leads_to_others(term: str) -> None:
    entry = GLOSSARY.partition(f"### {term}\n")[2].partition("\n### ")[0]
    assert len(re.findall(r"[.?](?:\s|$)", entry.partition("See also")[0])) >= 2, "two sentences"
    others = re.findall(r"\(#term-([\w-]+)\)", entry.partition("See also: ")[2])
    assert others
    assert set(others) <= set(map(anchor, TERMS)) - {anchor(term)}


@pytest.mark.parametrize("term", TERMS)
def test_a_page_links_the_term(term: str) -> None:
    pages = [*LESSONS, *(ROOT / "cheatsheets").glob("*.md"), *(ROOT / "book").glob("*.md"),
             *(ROOT / "exercises").glob("*/*/task.md")]
    assert any(re.search(rf"{LINK}{anchor(term)}\)", page.read_text(encoding="utf-8")) for page in pages)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_links_a_term_where_it_first_uses_it(lesson: Path) -> None:
    text = prose(lesson)
    uses = ((term, first_use(term, text)) for term in filter(unmistakable, TERMS))
    assert not [term for term, use in uses if use and not use["link"]]
