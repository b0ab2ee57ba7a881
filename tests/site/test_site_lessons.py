"""What the extension makes of pages: heads of lessons, links, the glossary, pictures. On the synthetic book."""

import json
from pathlib import Path

import pytest
import site_files
import synthetic_book as book
from bs4 import BeautifulSoup

from course.site.build import build

LESSON = "tiers/2_api_development/a_lesson.html"


@pytest.fixture(scope="module")
def lesson(synthetic: Path) -> BeautifulSoup:
    return site_files.soup(synthetic, LESSON)


def test_the_head_stands_after_the_first_sentence_and_says_what_the_metadata_says(lesson: BeautifulSoup) -> None:
    head = lesson.select_one("h1 + p + .at-a-glance")
    assert head is not None
    rows = {row.dt.get_text(): row.dd for row in head.select("dl > div")}
    assert rows["Time"].get_text() == "45 minutes"
    assert [(a.get_text(), a["href"]) for a in rows["You need"].select("a")] == [
        ("Running it", "../../book/how_to_run.html")]
    assert "the lesson Not written yet (planned); " in rows["You need"].get_text()
    assert rows["You need"].select_one("code").get_text() == "async def"
    assert rows["Runs"].get_text().startswith("All 6 cells run on your machine, 5 of them in a browser too.")
    assert [item.get_text() for item in rows["You learn to"].select("li")] == [
        "Explain what Depends() does", "Write a dependency that yields"]


def test_the_cell_that_needs_a_kernel_says_so(lesson: BeautifulSoup) -> None:
    labels = lesson.select(".needs-kernel")
    assert len(labels) == 1
    assert "os.fork" in labels[0].parent.get_text()
    assert labels[0].a["href"] == "../../book/how_to_run.html"


def test_removed_cells_are_gone_and_errors_are_plain_text(lesson: BeautifulSoup) -> None:
    assert "hidden" not in lesson.select_one("main").get_text()
    assert "KeyError: 'shelf'" in lesson.select_one(".traceback").get_text()
    assert "\x1b" not in str(lesson)


def test_pictures_stand_in_the_page_with_their_words_and_their_own_ids(lesson: BeautifulSoup) -> None:
    drawn = lesson.select(".picture > svg")
    assert len(drawn) == 2
    for svg in drawn:
        assert svg.find("title").get_text() == "What an endpoint needs"
        assert svg.find("desc").get_text()
        assert [svg.find(id=name).name for name in svg["aria-labelledby"].split()] == ["title", "desc"]
    ids = [element["id"] for element in lesson.select("[id]")]
    assert len(ids) == len(set(ids))


def test_the_lesson_role_links_what_exists_and_names_what_does_not(synthetic: Path) -> None:
    text = site_files.soup(synthetic, "book/index.html").select_one("main")
    assert text.find("a", string="A lesson")["href"] == "../tiers/2_api_development/a_lesson.html"
    assert "Threads" in text.get_text()
    assert text.find("a", string="Threads") is None


def test_terms_and_pages_link_both_ways(synthetic: Path, lesson: BeautifulSoup) -> None:
    targets = [link["href"] for link in lesson.select("main a") if "glossary" in link["href"]]
    assert targets == ["../../book/glossary.html#term-unit-of-work", "../../book/glossary.html#term-ci-cd"]
    page = site_files.soup(synthetic, "book/glossary.html")
    used = {section["id"]: [(a.get_text(), a["href"]) for a in section.select(".used-in a")]
            for section in page.select("section[id^=term-]")}
    a_lesson, running = ("A lesson", "../tiers/2_api_development/a_lesson.html"), ("Running it", "how_to_run.html")
    assert used == {"term-ci-cd": [a_lesson, running], "term-unit-of-work": [a_lesson], "term-never-linked": []}
    assert page.select_one("#term-ci-cd a[href='#term-unit-of-work']") is not None


def test_formulas_are_mathml(synthetic: Path) -> None:
    page = site_files.soup(synthetic, "book/index.html")
    assert page.find("math") is not None
    assert not any("mathjax" in address.lower() for address in site_files.fetched(page))


def test_an_edit_reaches_the_pages_that_show_it(tmp_path: Path) -> None:
    pages = {"book/how_to_run.md": "# Running it\n\nText.\n", "tiers/a/first.ipynb": book.notebook(),
             "book/other.md": "# Other\n\nText.\n"}
    folder = book.small(tmp_path, pages)
    site = build(folder)
    assert site_files.soup(site, "book/glossary.html").select_one("#term-unit-of-work .used-in") is None
    (folder / "book/how_to_run.md").write_text("# Run it yourself\n\nText.\n", encoding="utf-8")
    build(folder)
    assert "Run it yourself" in site_files.soup(site, "tiers/a/first.html").select_one(".at-a-glance").get_text()
    assert "Run it yourself" in site_files.soup(site, "book/other.html").select_one("#site-nav").get_text()
    (folder / "book/other.md").write_text("# Other\n\nA [unit](glossary.md#term-unit-of-work).\n", encoding="utf-8")
    build(folder)
    used = site_files.soup(site, "book/glossary.html").select_one("#term-unit-of-work .used-in")
    assert used.get_text() == "Used in: Other"


def test_an_up_to_date_site_is_not_built_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = book.small(tmp_path, {})
    build(folder)
    assert "Building" in capsys.readouterr().out
    build(folder)
    assert capsys.readouterr().out == ""


def test_the_synthetic_notebook_is_a_notebook() -> None:
    assert json.loads(book.lesson())["nbformat"] == 4


def test_the_output_below_a_predicting_quote_is_folded(site: Path) -> None:
    found = 0
    for page in site_files.pages(site):
        for quote in site_files.soup(site, page).select("blockquote"):
            if quote.get_text().strip().startswith("Predict."):
                fold = quote.find_next_sibling("div", class_="cell").select_one("details.fold")
                assert fold is not None, f"{page}: {quote.get_text()[:60]}"
                assert not fold.has_attr("open")
                assert fold.select_one(".cell_output") is not None
                found += 1
    assert found


def test_code_marks_only_what_has_a_colour_of_its_own(lesson: BeautifulSoup) -> None:
    assert lesson.select(".highlight span[class]")
    assert lesson.select(".highlight span.n, .highlight span.p, .highlight span.w") == []
