"""A tier has one name, the one of the curriculum, wherever it is named."""

import json
from pathlib import Path

import pytest
import site_files
import synthetic_book
import yaml

from course.site import curriculum

ROOT = synthetic_book.ROOT
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
PAGES = [chapter["file"] for part in TOC["parts"] for chapter in part["chapters"]]
NAMES = [tier.name for tier in curriculum.read(ROOT, PAGES).tiers]


def _headings(lines: list[str]) -> list[str]:
    return [line.removeprefix("## ").strip() for line in lines if line.startswith("## Tier ")]


def test_the_table_of_contents_and_the_headings_have_it() -> None:
    home = json.loads((ROOT / "book" / "index.ipynb").read_text(encoding="utf-8"))
    captions = [part["caption"] for part in TOC["parts"] if part["caption"].startswith("Tier ")]
    assert captions == [name for name in NAMES if name in captions]
    assert len(NAMES) == 4
    assert captions
    assert _headings([line for cell in home["cells"] for line in cell["source"]]) == NAMES
    assert _headings((ROOT / "book" / "learning_path.md").read_text(encoding="utf-8").splitlines()) == NAMES


@pytest.mark.built_site
def test_the_cards_have_it(site: Path) -> None:
    cards = site_files.soup(site, "book/index.html").select(".path-tiers a")
    assert [link.get_text() for link in cards] == NAMES
