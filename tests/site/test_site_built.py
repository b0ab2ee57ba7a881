"""The real site, as files."""

import json
import re
from pathlib import Path

import pytest
import site_files
import synthetic_book

from course.site import notebooks as lesson_files

pytestmark = pytest.mark.built_site

ELSEWHERE = re.compile(r"unpkg\.com|jsdelivr|cdnjs|googleapis|gstatic|cloudflare|fontawesome|mathjax|require\.min",
                       re.IGNORECASE)


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    found = [f"{page}: {address}" for page in site_files.pages(site)
             for address in site_files.fetched(site_files.soup(site, page)) if site_files.foreign(address)]
    assert found == []


def test_no_page_script_or_style_names_a_delivery_network(site: Path) -> None:
    files = [path for suffix in ("html", "css", "js", "mjs") for path in site.rglob(f"*.{suffix}")
             if path.parent.name != "runtime"]  # Pyodide names one in case it is asked to load from there
    prose = re.compile(r"<main.*?</main>", re.DOTALL)  # a lesson may talk about them
    found = [path.name for path in files
             if ELSEWHERE.search(prose.sub("", path.read_text(encoding="utf-8", errors="replace")))]
    assert files
    assert found == []


def test_all_links_and_fragments_lead_somewhere(site: Path) -> None:
    assert site_files.broken_links(site) == []


def test_ids_are_unique_in_each_page(site: Path) -> None:
    for page in site_files.pages(site):
        ids = [element["id"] for element in site_files.soup(site, page).select("[id]")]
        assert sorted(ids) == sorted(set(ids)), page


def test_each_page_has_a_title_a_description_one_heading_and_one_search_field(site: Path) -> None:
    for page in site_files.pages(site):
        if page == "index.html":  # leads on to the first page
            continue
        soup = site_files.soup(site, page)
        assert soup.title.get_text(strip=True), page
        assert [len(tag["content"]) > 10 for tag in soup.select("meta[name=description]")] == [True], page
        assert len(soup.select("h1")) == 1, page
        assert len(soup.select("input[type=search]")) == 1, page


def test_pictures_have_words(site: Path) -> None:
    for page in site_files.pages(site):
        soup = site_files.soup(site, page)
        assert not [img for img in soup.select("img") if not img.get("alt")], page
        for svg in soup.select(".picture > svg"):
            assert svg.get("aria-label") or (svg.find("title") and svg.find("desc")), page
        for svg in soup.select("svg.icon"):
            assert svg["aria-hidden"] == "true", page


def test_each_notebook_has_its_head(site: Path) -> None:
    notebooks = [page for page in site_files.pages(site)
                 if (synthetic_book.ROOT / page).with_suffix(".ipynb").is_file()]
    for page in notebooks:
        content = json.loads((synthetic_book.ROOT / page).with_suffix(".ipynb").read_text(encoding="utf-8"))
        head = site_files.soup(site, page).select_one(".at-a-glance")
        if content["metadata"]["course"] == lesson_files.PAGE:
            assert head is None
            continue
        assert f"{content['metadata']['course']['minutes']} minutes" in head.get_text(), page
