"""`<meta name="description">` from a page's first paragraph: what search engines and shared links show."""

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

LONGEST = 160  # characters; longer ones are cut by those who show them


def shorten(text: str, longest: int = LONGEST) -> str:
    """Return `text` on one line, cut at a word where it is longer than `longest` characters."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    return line[:longest - 3].rsplit(" ", 1)[0].rstrip(",;:") + " ..."


def first_paragraph(doctree: nodes.document) -> str:
    """Return the text of the first paragraph that stands in the page's own text, or an empty one."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section) and paragraph.astext().strip():
            return paragraph.astext()
    return ""


def describe(app: Sphinx, pagename: str, template: str, context: dict[str, Any],
             doctree: nodes.document | None) -> None:
    """Add the description to the page's head, unless its author has written one."""
    tags = context.get("metatags", "")
    title = context.get("title") or pagename.capitalize()  # the search page has none
    text = first_paragraph(doctree) if doctree else f"{title}: {app.config.html_title}"
    if text and 'name="description"' not in tags:
        context["metatags"] = f'{tags}\n    <meta name="description" content="{escape(shorten(text))}" />'


def setup(app: Sphinx) -> None:
    """Add it to each page."""
    app.connect("html-page-context", describe)
