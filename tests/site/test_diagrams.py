"""Diagrams: what an author has had drawn stands in the page; what is missing or has no words stops the build."""

import re
from pathlib import Path

import pytest
import site_files
import synthetic_book as book

from course import diagrams
from course.proof import chromium
from course.proof import diagrams as drawing
from course.site.build import BuildError, build

TEXT = """flowchart TD
    accTitle: Two ways
    accDescr: Left or right.
    a(Which way?) -- left --> b[Left <b>bold</b>]
    a -- right --> c[Right]
"""
DRAWN = ('<svg xmlns="http://www.w3.org/2000/svg" class="course-diagram" role="img" viewBox="0 0 1 1" '
         'aria-labelledby="d1-title"><title id="d1-title">Two ways</title><desc>Left or right.</desc></svg>\n')
ALLOWED = {"svg", "title", "desc", "g", "defs", "marker", "path", "rect", "circle", "ellipse", "polygon", "polyline",
           "line", "text", "tspan"}


def fence(text: str = TEXT) -> str:
    return f"```mermaid\n{text}```\n"


def written(folder: Path, *names: str) -> Path:
    """A book with the diagram in a page and in a lesson, drawn under `names`."""
    for name in names:
        (folder / diagrams.FOLDER).mkdir(parents=True, exist_ok=True)
        (folder / diagrams.FOLDER / name).write_text(DRAWN, encoding="utf-8")
    return book.small(folder, {"book/page.md": f"# Page\n\nText.\n\n{fence()}\n{fence()}\n````text\n{fence('x')}````\n",
                               "tiers/a/lesson.ipynb": book.notebook(book.markdown(f"## Ways\n\n{fence()}"))})


def test_every_diagram_of_the_course_is_drawn_from_its_present_text_and_no_other_is_kept() -> None:
    wanted = {diagrams.name(one.text) for one in drawing.find(book.ROOT)}
    kept = {path.name for path in (book.ROOT / diagrams.FOLDER).glob("*")}
    assert kept == wanted, f"run `{diagrams.COMMAND}` and commit book/diagrams"


def test_every_drawn_diagram_has_the_words_of_its_text_and_the_colours_of_the_page() -> None:
    found = drawing.find(book.ROOT)
    assert found
    drawing.check(found)
    for one in found:
        svg = (book.ROOT / diagrams.FOLDER / diagrams.name(one.text)).read_text(encoding="utf-8")
        title = re.search(r"accTitle: (.*)", one.text)
        assert title
        assert f">{title[1]}</title>" in svg, one.where
        assert_clean(svg)


def assert_clean(svg: str) -> None:
    assert set(re.findall(r"<(\w+)", svg)) <= ALLOWED
    assert set(re.findall(r"(?:fill|stroke):([^;\"]+)", svg)) <= {"none", *re.findall(r"var\(--[\w-]+,#\w{6}\)", svg)}
    assert not re.search(r"\son\w+=|href|font-family|url\((?!#d)", svg)


def test_the_drawn_picture_stands_in_pages_and_lessons(tmp_path: Path) -> None:
    site = build(written(tmp_path, diagrams.name(TEXT)))
    page = site_files.soup(site, "book/page.html")
    ids = [svg.title["id"] for svg in page.select(".picture > svg.course-diagram")]
    assert len(ids) == len(set(ids)) == 2
    assert "accTitle" not in page.select_one("article").get_text()
    assert site_files.soup(site, "tiers/a/lesson.html").select_one(".picture > svg.course-diagram")


def test_a_diagram_that_is_not_drawn_or_says_too_little_stops_the_build(tmp_path: Path) -> None:
    folder = written(tmp_path, "stale.svg")
    (folder / "book/again.md").write_text(f"# Again\n\nText.\n\n{fence('flowchart LR; a-->b')}", encoding="utf-8")
    toc = (folder / "_toc.yml").read_text(encoding="utf-8")
    (folder / "_toc.yml").write_text(toc.replace("- file: book/page", "- file: book/page\n- file: book/again"))
    with pytest.raises(BuildError) as caught:
        build(folder)
    said = str(caught.value)
    assert f"book/page.md:5: this diagram has not been drawn as it is now; run `{diagrams.COMMAND}`" in said
    assert "tiers/a/lesson.ipynb: cell 2, line 3: this diagram has not been drawn" in said
    for what in ("has no title; add a line `accTitle:", "has no description; add a line `accDescr:",
                 "does not run from top to bottom; write `flowchart TD`"):
        assert f"book/again.md:5: the diagram {what}" in said


@pytest.mark.parametrize(("line", "says"), [
    ("style a fill:#f00", "colours"), ("classDef x fill:#f00", "colours"), ("click a href 'x'", "links"),
    ("%%{init: {'theme': 'dark'}}%%", "settings"), ("direction LR", "top to bottom")])
def test_what_a_diagram_must_not_have_is_named(line: str, says: str) -> None:
    assert list(diagrams.faults(TEXT)) == []
    assert [says in what for what, _ in diagrams.faults(f"{TEXT}    {line}\n")] == [True]


def test_its_name_follows_its_text_and_not_the_blanks_at_its_ends() -> None:
    assert diagrams.name(TEXT) == diagrams.name(f"\n{TEXT.rstrip()}")
    assert diagrams.name(TEXT) != diagrams.name(TEXT.replace("Left", "Right"))


def test_diagrams_are_found_with_their_places(tmp_path: Path) -> None:
    assert [one.where for one in drawing.find(written(tmp_path))] == [
        "book/page.md:5", "book/page.md:13", "tiers/a/lesson.ipynb: cell 2, line 3"]


def test_nothing_to_draw_needs_no_tools_and_orphans_go(tmp_path: Path) -> None:
    folder = written(tmp_path, diagrams.name(TEXT), "0000000000000000.svg")
    assert drawing.update(folder) == ["removed 0000000000000000.svg: no page uses it"]
    assert [path.name for path in (folder / diagrams.FOLDER).iterdir()] == [diagrams.name(TEXT)]


@pytest.mark.browser
def test_drawing_keeps_shapes_and_words_and_drops_the_rest() -> None:
    """With a stand-in for Mermaid, which only who draws has installed."""
    raw = ('<svg viewBox="0 0 100.4 50" xmlns="http://www.w3.org/2000/svg"><title>T &amp; U</title><desc>D</desc>'
           '<style>rect{fill:#f4f2ec}</style><marker id="m"><path d="M0,0L1.23456,1" fill="#566072"/>'
           '</marker><marker id="unused"><path d="M0,0L1,1"/></marker><g><rect width="10" height="5" onclick="x()"/>'
           '<rect/></g><g/><path d="M0,0L9,9" fill="none" stroke="#566072" marker-end="url(#m)"/>'
           '<text fill="#1d2433" font-family="Evil">A &lt;b&gt;</text></svg>')
    with chromium.launch() as browser:
        page = browser.new_page()
        page.evaluate("raw => { window.mermaid = { initialize() {}, render: async () => ({ svg: raw }) }; }",
                      raw)
        page.add_script_tag(path=book.ROOT / drawing.SOURCE / "draw.js")
        svg = drawing.draw(page, drawing.Diagram(TEXT, "page.md:1"))
        assert_clean(svg)
        assert svg.count("<rect") == svg.count("<marker") == 1
        assert "L1.2,1" in svg
        assert "A &lt;b&gt;</text>" in svg
        assert svg == drawing.draw(page, drawing.Diagram(TEXT, "page.md:1"))
        for bad, says in (("<script>1</script>", "<script>"), ("<foreignObject/>", "<foreignObject>"),
                          ('<circle r="1" fill="#ff0000"/>', "#ff0000")):
            page.evaluate("raw => { mermaid.render = async () => ({ svg: raw }); }", raw.replace("<g/>", bad))
            with pytest.raises(drawing.DiagramError, match=rf"^page\.md:1: .*{re.escape(says)}"):
                drawing.draw(page, drawing.Diagram(TEXT, "page.md:1"))


def test_the_lock_of_what_draws_is_pinned_and_names_no_host() -> None:
    folder = book.ROOT / drawing.SOURCE
    assert '"resolved"' not in (folder / "package-lock.json").read_text(encoding="utf-8")
    assert re.search(r'"mermaid": "\d+\.\d+\.\d+"', (folder / "package.json").read_text(encoding="utf-8"))
    assert "mermaid" not in (book.ROOT / "package-lock.json").read_text(encoding="utf-8")  # learners fetch none
