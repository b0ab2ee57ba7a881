"""What the bench says of a page's weight is what the page makes a browser fetch."""

import gzip
from pathlib import Path

import pytest

from course.proof.bench_default import config
from course.proof.bench_weight import Weight, weigh


@pytest.mark.browser
def test_own_files_are_weighed_and_other_hosts_only_counted(tmp_path: Path) -> None:
    text = ('<!doctype html><link rel="icon" href="data:,"><link rel="stylesheet" href="own.css">'
            '<img src="http://other.invalid/a.png"><p>Words')
    (tmp_path / "search.html").write_text(text, encoding="utf-8")
    (tmp_path / "own.css").write_text("p { color: red }" * 100, encoding="utf-8")
    size = sum(len(gzip.compress((tmp_path / name).read_bytes(), 9)) for name in ("search.html", "own.css"))
    assert weigh(tmp_path) == {"search": Weight(size, 2, 1)}


def test_a_default_book_has_nothing_of_ours() -> None:
    made = config("title: A course\nonly_build_toc_files: true\nsphinx:\n  extra_extensions: [course.site]\n"
                  "html:\n  use_issues_button: false\n")
    assert "A course" in made
    assert "only_build_toc_files" in made
    assert "course.site" not in made
    assert "html" not in made
