"""Our sidebar is the theme's sidebar, on each page."""

import posixpath
from pathlib import Path

import site_files
from bs4 import Tag

from course.site.sidebar import learn

Entry = tuple[str, str, frozenset[str], frozenset[str], frozenset[str], bool]


def _classes(element: Tag | None) -> frozenset[str]:
    return frozenset(element.get_attribute_list("class") if element is not None else ()) - {None, ""}


def _page(href: str, page: str) -> str:
    """The page that a link leads to; the link to the page itself stays `#`."""
    return href if href == "#" else posixpath.normpath(posixpath.join(posixpath.dirname(page), href))


def entries(site: Path, page: str) -> list[Entry]:
    """Each link of the sidebar: its page, words, classes of the link, its item and its list, and whether it is open."""
    found = []
    for link in site_files.soup(site, page).select("#site-nav a"):
        item = link.find_parent("li")
        opened = item is not None and item.select_one(":scope > details[open]") is not None
        found.append((_page(str(link["href"]), page), link.get_text(strip=True), _classes(link), _classes(item),
                      _classes(link.find_parent("ul")), opened))
    return found


def test_each_page_has_the_links_and_marks_of_the_themes_own_sidebar(synthetic: Path, themes_own: Path) -> None:
    pages = [page for page in site_files.pages(synthetic) if page != "index.html"]  # it leads on to the first page
    assert len(pages) >= 38
    assert pages == [page for page in site_files.pages(themes_own) if page != "index.html"]
    for page in pages:
        assert entries(synthetic, page) == entries(themes_own, page), page


def test_what_unfolds_says_what_it_unfolds(synthetic: Path) -> None:
    names = [str(one.get("aria-label")) for one in site_files.soup(synthetic, "part/page_2.html").select("nav summary")]
    assert names[:2] == ["Pages below Page 0", "Pages below Page 1"]


def test_nested_sections_are_really_compared(themes_own: Path) -> None:
    found = entries(themes_own, "part/page_2.html")  # a section of a section
    marked = [words for _, words, classes, item, _, _ in found if "active" in item]
    assert marked == ["Page 0", "Page 1", "Page 2"]
    assert [words for _, words, _, _, _, opened in found if opened] == ["Page 0", "Page 1"]


def test_addresses_follow_the_depth_of_the_page() -> None:
    html = ('<ul class="current nav"><li class="toctree-l1 current active"><a class="current reference" href="#">A</a>'
            '</li><li class="toctree-l1"><a class="reference" href="../b/two.html">B</a></li></ul>')
    sidebar = learn(html, "a/one.html")
    assert 'href="../../a/one.html"' in sidebar.html("c/d/three.html")
    assert "active" not in sidebar.html("search.html")
    assert 'href="#"' in sidebar.html("b/two.html")
