"""Mistakes in the content stop the build, each with a line that names the file and what to do."""

from pathlib import Path

import pytest
import synthetic_book as book

from course.site.build import BuildError, build


def refused(folder: Path) -> str:
    with pytest.raises(BuildError) as caught:
        build(folder)
    assert "Traceback" not in str(caught.value)
    return str(caught.value)


def line_of(said: str, *words: str) -> str:
    return next((line for line in said.splitlines() if all(word in line for word in words)), "")


def test_broken_notebooks_stop_before_anything_is_read(tmp_path: Path) -> None:
    said = refused(book.small(tmp_path, {
        "tiers/a/not_json.ipynb": "{",
        "tiers/a/no_metadata.ipynb": book.notebook(about=None),
        "tiers/a/never_run.ipynb": book.notebook(book.code("1", count=None)),
        "tiers/a/same.ipynb": book.notebook(),
        "tiers/b/same.ipynb": book.notebook(),
    }))
    assert "restore it from git" in line_of(said, "tiers/a/not_json.ipynb", "not a notebook")
    assert '"course": {"minutes"' in line_of(said, "tiers/a/no_metadata.ipynb")
    assert "nox -s refresh" in line_of(said, "tiers/a/never_run.ipynb", "cell 2 was never run")
    assert "rename one" in line_of(said, "tiers/a/same.ipynb and tiers/b/same.ipynb")


def test_mistakes_on_pages_stop_again_until_they_are_repaired(tmp_path: Path) -> None:
    wordless = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
    folder = book.small(tmp_path, {
        "tiers/a/term.ipynb": book.notebook(
            book.markdown("Text\n\nA [unit](../../book/glossary.md#term-unit-of-wrok).")),
        "tiers/a/wordless.ipynb": book.notebook(book.code("draw()", book.svg(wordless))),
        "book/picture.md": "# Picture\n\nText.\n\n![](icon.png)\n",
        "book/icon.png": "",
        "book/html.md": '# HTML\n\n<img src="icon.png">\n',
        "book/lost.md": "# Lost\n\nA [page](nowhere.md) and {lesson}`no address`.\n",
        "book/again.md": "# Again\n\nText.\n",
    })
    said = refused(folder)
    assert "term-unit-of-work" in line_of(said, "tiers/a/term.ipynb: cell 2, line 3", "no term-unit-of-wrok")
    assert "course.figures" in line_of(said, "tiers/a/wordless.ipynb: cell 2", "no <title> and <desc>")
    assert "alternative text" in line_of(said, "book/picture.md:5", "no text alternative")
    assert "alternative text" in line_of(said, "book/html.md:3", "no alt")
    assert refused(folder) == said
    for name in ("tiers/a/term.ipynb", "tiers/a/wordless.ipynb"):
        (folder / name).write_text(book.notebook(), encoding="utf-8")
    for name in ("picture", "html"):
        (folder / f"book/{name}.md").write_text(f"# {name}\n\nText.\n", encoding="utf-8")
    said = refused(folder)
    assert line_of(said, "lost.md:3", "nowhere.md")
    assert line_of(said, "lost.md:3", "the role lesson is written")
    assert refused(folder).count("lost.md") == said.count("lost.md")


def test_two_terms_with_one_anchor_are_named(tmp_path: Path) -> None:
    said = refused(book.small(tmp_path, {"book/glossary.md": book.GLOSSARY + "\n### CI-CD\n\nThe same again.\n"}))
    assert "term-ci-cd" in line_of(said, "book/glossary.md", "'CI-CD' and 'CI/CD'")
