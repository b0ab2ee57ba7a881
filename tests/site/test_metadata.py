"""What pages say about themselves; addresses are written only where `_config.yml` names them."""

from pathlib import Path

import pytest
import site_files
import synthetic_book as book

from course.site import metadata
from course.site.build import build

PAGES = {"book/page.md": '# A "page" & `code`\n\nWhat it `"is"` <about>.\n'}
BASE, SOURCE = "https://example.org/course/", "https://github.com/someone/course"
ADDRESSES = f"\nrepository:\n  url: {SOURCE}\n  branch: trunk\n"


def built(folder: Path, base: str = "") -> Path:
    """Build a small book; with `base` it names its own address and that of its source."""
    book.small(folder, PAGES)
    config = folder / "_config.yml"
    if base:
        text = config.read_text(encoding="utf-8").replace("\nhtml:\n", f"\nhtml:\n  baseurl: {base}\n", 1)
        config.write_text(text + ADDRESSES, encoding="utf-8")
    return build(folder)


def said(site: Path, page: str = "book/page.html") -> dict[str, str]:
    """Return what the page's `<meta>` elements say."""
    return {str(meta.get("property") or meta.get("name")): str(meta["content"])
            for meta in site_files.soup(site, page).select("meta[property], meta[name]")}


@pytest.fixture(scope="module")
def unknown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("unknown"))


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("known"), BASE)


def test_a_page_has_title_description_language_icon_and_colours(unknown: Path) -> None:
    tags, soup = said(unknown), site_files.soup(unknown, "book/page.html")
    assert tags["description"] == tags["og:description"] == 'What it "is" <about>.'
    assert tags["og:title"] == "A \u201cpage\u201d & code"
    assert tags["og:site_name"] == "Introduction to Software Engineering"
    assert soup.html["lang"] == "en"
    assert (unknown / "book" / soup.select_one("link[rel=icon]")["href"]).resolve().is_file()
    assert len(soup.select("meta[name=theme-color][media]")) == 2
    assert "og:image" not in tags


def test_the_search_page_has_a_description_too(unknown: Path) -> None:
    assert said(unknown, "search.html")["description"] == "Search: Introduction to Software Engineering"


def test_without_addresses_none_is_written(unknown: Path) -> None:
    soup = site_files.soup(unknown, "book/page.html")
    assert not soup.select("link[rel=canonical]")
    assert "og:url" not in said(unknown)
    assert "Edit this page" not in soup.get_text()
    assert not [name for name in ("sitemap.xml", "robots.txt") if (unknown / name).exists()]


def test_with_addresses_pages_name_theirs_and_lead_to_their_source(known: Path) -> None:
    soup = site_files.soup(known, "book/page.html")
    assert [link["href"] for link in soup.select("link[rel=canonical]")] == [f"{BASE}book/page.html"]
    assert said(known)["og:url"] == f"{BASE}book/page.html"
    assert soup.find("a", string="Edit this page")["href"] == f"{SOURCE}/edit/trunk/book/page.md"
    assert f"<loc>{BASE}book/page.html</loc>" in (known / "sitemap.xml").read_text(encoding="utf-8")
    assert not (known / "robots.txt").exists()  # nobody reads it below a host's root


def test_a_site_at_its_hosts_root_has_robots(tmp_path: Path) -> None:
    site = built(tmp_path, "https://example.org/")
    assert "Sitemap: https://example.org/sitemap.xml" in (site / "robots.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(("repository", "address"), [
    ("", ""), ("https://gitlab.example.org/a/b/", "https://gitlab.example.org/a/b/-/edit/main/book/x.md"),
    ("https://github.com/a/b", "https://github.com/a/b/edit/main/book/x.md")])
def test_where_a_file_is_edited(repository: str, address: str) -> None:
    assert metadata.edit_address(repository, "main", "book/x.md") == address


def test_the_course_has_a_changelog() -> None:
    assert "- file: book/changelog" in (book.ROOT / "_toc.yml").read_text(encoding="utf-8")
