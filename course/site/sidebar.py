"""The sidebar in constant time: the theme's own is made once per build, then only what differs is filled in.

The theme resolves and parses the whole table of contents again for each page, which makes a build quadratic in the
number of pages. Its result differs between pages in three things only: the relative prefix of addresses, the
classes `current` and `active` along the way to the page, and which branch stands open.
"""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag
from sphinx.application import Sphinx
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
HOOK = "add_toctree_functions"  # pydata_sphinx_theme.toctree: gives templates `generate_toctree_html`
_WORDS = {"item": "current active", "mark": "current", "open": "open"}  # what an element on the way is given
_MARK = re.compile(r"\x01(item|mark|open|href)\x02(\d+|[^\x03]*)\x03")


@dataclass(frozen=True)
class Sidebar:
    """A sidebar with gaps: `parts` are alternately text, the kind of a gap, and what it is about."""

    parts: tuple[str, ...]
    trails: dict[str, frozenset[str]]  # page address -> numbers of the elements on the way to it

    def html(self, address: str) -> str:
        """Return the sidebar as it stands on the page at `address` (relative to the site's root)."""
        trail, up = self.trails.get(address, frozenset()), "../" * address.count("/")
        out = list(self.parts[::3])
        for position, (kind, about) in enumerate(zip(self.parts[1::3], self.parts[2::3], strict=True)):
            out[position] += _fill(kind, about, trail, address, up)
        return "".join(out)


def _fill(kind: str, about: str, trail: frozenset[str], address: str, up: str) -> str:
    if kind == "href":
        return "#" if about == address else up + about
    return _WORDS[kind] if about in trail else ""


def learn(html: str, address: str) -> Sidebar:
    """Return the sidebar behind `html`, which the theme made for the page at `address`."""
    soup = BeautifulSoup(html, "html.parser")
    trails: dict[str, frozenset[str]] = {}
    for number, element in enumerate(soup.select("ul, li, a")):
        _neutral(element, number)
    for link in soup.select("a[href]"):
        target = _target(str(link["href"]), address)
        if target is not None:
            link["href"] = f"\x01href\x02{target}\x03"
            trails[target] = frozenset(_numbers(link))
    for details in soup.select("li > details"):
        details.attrs.pop("open", None)
        details["data-x"] = f"\x01open\x02{_number(details.parent)}\x03"
        summary, title = details.find("summary"), details.find_previous_sibling("a")
        if isinstance(summary, Tag) and title is not None:
            summary["aria-label"] = f"Pages below {title.get_text(strip=True)}"  # the theme's has a picture only
    text = re.sub(r' data-n="\d+"', "", str(soup))
    text = re.sub(r' data-x="(\x01open\x02\d+\x03)"', r" \1", text)
    return Sidebar(tuple(_MARK.split(text)), trails)


def _neutral(element: Tag, number: int) -> None:
    """Take the marks of the current page off and leave a gap for them."""
    classes = [name for name in element.get_attribute_list("class") if name and name not in ("current", "active")]
    kind = "item" if element.name == "li" else "mark"
    element["class"] = " ".join([*classes, f"\x01{kind}\x02{number}\x03"])
    element["data-n"] = str(number)


def _target(href: str, address: str) -> str | None:
    if "://" in href:
        return None
    return address if href in ("#", "") else posixpath.normpath(posixpath.join(posixpath.dirname(address), href))


def _number(element: Tag | None) -> str:
    return "" if element is None else str(element["data-n"])


def _numbers(link: Tag) -> list[str]:
    return [str(link["data-n"]), *(str(above["data-n"]) for above in link.parents if above.get("data-n"))]


def _wrap(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Return the theme's handler with its sidebar function replaced by one that remembers the first result."""
    learned: list[Sidebar] = []

    def add_functions(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: object) -> Any:
        result = handler(app, pagename, template, context, doctree)
        theirs, address = context["generate_toctree_html"], app.builder.get_target_uri(pagename)

        def generate(kind: str = "sidebar", **options: Any) -> Any:
            if kind != "sidebar" or options.get("startdepth") != 0:
                return theirs(kind=kind, **options)
            if not learned:
                learned.append(learn(str(theirs(kind=kind, **options)), address))
            return learned[0].html(address)

        context["generate_toctree_html"] = generate
        return result

    return add_functions


def replace(app: Sphinx) -> None:
    """Put our function in place of the theme's; where it is gone, warn and leave the theme alone.

    The listener itself is replaced, since the theme renders the sidebar once already in its next listener.
    """
    if not app.config.course_fast_sidebar:
        return
    listeners = app.events.listeners.get("html-page-context", [])
    for position, listener in enumerate(listeners):
        if getattr(listener.handler, "__name__", "") == HOOK:
            listeners[position] = listener._replace(handler=_wrap(listener.handler))
            return
    LOGGER.warning("course.site.sidebar: the theme has no %s any more, so its own slow sidebar is used; "
                   "look for what replaced it in pydata_sphinx_theme/toctree.py", HOOK)


def setup(app: Sphinx) -> None:
    """Register; `course_fast_sidebar = False` leaves the sidebar to the theme, which the test compares with."""
    app.add_config_value("course_fast_sidebar", True, "html", bool)
    app.connect("builder-inited", replace, priority=900)
