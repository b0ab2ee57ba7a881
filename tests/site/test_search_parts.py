"""What is indexed, without a browser."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
import synthetic_book
from docutils import nodes

from course.site import elements, search_index, search_text
from course.site.search_text import Block, Section

SECTIONS = [search_index.Record("a.html#b", "A", "Part", "", Section("b", "Locks & keys", (
    Block(search_text.TEXT, "A lock & a key."), Block(search_text.CODE, "lock < key"))))]


def _tree() -> nodes.document:
    document, page, inner = nodes.document("", ""), nodes.section("", ids=["page"]), nodes.section("", ids=["inner"])
    page += [nodes.title("", "Page"), nodes.paragraph("", "Beginning."), inner]
    inner += [nodes.title("", "Inner"), nodes.paragraph("", "Seen."),
              elements.hidden_from_search("details", {}, elements.make("p", {}, elements.text("Secret."))),
              elements.make("button", {}, elements.text("Press")), elements.code("x = 1", "python"),
              nodes.container("", elements.code("1", "text"), nb_element="cell_code_output")]
    document += page
    return document


def test_each_section_has_its_own_text_and_no_secrets() -> None:
    beginning, inner = search_text.sections(_tree())
    assert (beginning.anchor, beginning.title, beginning.blocks) == ("", "Page", (Block(1.0, "Beginning."),))
    assert (inner.anchor, inner.blocks) == ("inner", (
        Block(search_text.TEXT, "Seen."), Block(search_text.CODE, "x = 1"), Block(search_text.OUTPUT, "1")))


def test_a_paragraph_has_the_words_that_readers_see_and_no_markup() -> None:
    paragraph = nodes.paragraph("", "", nodes.Text("One, "), nodes.literal("", "TaskGroup"), nodes.Text("."),
                                nodes.raw("", "<br />\n", format="html"), nodes.raw("", "\\\\\n", format="latex"),
                                nodes.Text("Two."))
    said = nodes.system_message("", nodes.paragraph("", "Duplicate implicit target name."), level=1, type="INFO")
    document = nodes.document("", "")
    document += nodes.section("", nodes.title("", "Page"), said, paragraph, ids=["page"])
    (page,) = search_text.sections(document)
    assert [" ".join(block.text.split()) for block in page.blocks] == ["One, TaskGroup. Two."]


@pytest.mark.parametrize(("page", "part", "anchor", "title", "expected"), [
    ("book/style", "For authors", "code", "Code", "author"),
    ("book/glossary", "Reference", "term-task", "Task", "term"),
    ("tiers/a", "Tier 1", "exercise-b", "B", "exercise"), ("tiers/a", "Tier 1", "in-short", "In short", "aside"),
    ("tiers/a", "Tier 1", "b", "B", "")])
def test_each_section_has_its_kind(page: str, part: str, anchor: str, title: str, expected: str) -> None:
    assert search_index.kind(page, part, Section(anchor, title, ())) == expected


def test_records_are_html_with_weights() -> None:
    html = search_index.document(SECTIONS[0])
    assert "<h1>Locks &amp; keys</h1>" in html
    assert "<p>A lock &amp; a key.</p>" in html
    assert '<p data-pagefind-weight="0.5">\ue000 lock &lt; key \ue001</p>' in html
    assert 'content="a.html#b"' in html


def test_the_vocabulary_begins_with_the_commonest_word() -> None:
    assert search_index.vocabulary(SECTIONS)[:2] == ["a", "key"]
    assert search_index.vocabulary(SECTIONS)[2] == "lock"


def test_an_unchanged_index_is_left_alone_and_a_changed_one_is_made_anew(tmp_path: Path) -> None:
    program, target = search_index.program(), tmp_path / "pagefind"
    assert program
    search_index.write(SECTIONS, target, program)
    assert json.loads((target / "words.json").read_text(encoding="utf-8"))
    before = (target / "pagefind.js").stat().st_mtime_ns
    search_index.write(SECTIONS, target, Path("no such program"))
    assert (target / "pagefind.js").stat().st_mtime_ns == before
    with pytest.raises(FileNotFoundError):
        search_index.write([], target, Path("no such program"))


def test_without_pagefind_the_build_says_so_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                        capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(search_index, "program", lambda: None)
    monkeypatch.setattr(search_index.scripts, "are_there", lambda app: True)
    (tmp_path / search_index.FOLDER).mkdir()
    app = SimpleNamespace(builder=SimpleNamespace(format="html"), outdir=tmp_path, confdir=synthetic_book.ROOT)
    context: dict[str, object] = {}
    search_index.publish(app, None)
    search_index.tell(app, "book/index", "page.html", context, None)
    assert capsys.readouterr().err.count("pagefind") == 1
    assert not (tmp_path / search_index.FOLDER).exists()
    assert context == {"course_search": False}
