"""The definitions that a page shows in a card beside a link to a term: `_static/run/glossary.json`.

A page asks for the file when a reader first points at such a link (`web/glossary/`), and never before. It holds for
each anchor the term and the first paragraph under it as HTML; links in that paragraph become plain words, because
a card is not a place to go on from.
"""

import json
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from course.site import glossary, problems, scripts

FILE = Path("_static") / "run" / "glossary.json"
_TAGS: dict[type[nodes.Node], str] = {nodes.literal: "code", nodes.emphasis: "em", nodes.strong: "strong"}

Card = tuple[str, str]  # the term and its definition, both HTML


def inline_html(element: nodes.Element) -> str:
    """Return what stands in `element` as HTML: its words, code and emphasis, and nothing else."""
    return "".join(_html(child) for child in element.children)


def _html(node: nodes.Node) -> str:
    if isinstance(node, nodes.Text):
        return escape(node.astext(), quote=False)
    words = inline_html(node) if isinstance(node, nodes.Element) else ""
    tag = _TAGS.get(type(node))
    return f"<{tag}>{words}</{tag}>" if tag else words


def _sections(doctree: nodes.document) -> list[tuple[str, nodes.section]]:
    return [(section["ids"][0], section) for section in doctree.findall(nodes.section)
            if section["ids"] and str(section["ids"][0]).startswith(glossary.PREFIX)]


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the definitions when the glossary is read; report terms that have none."""
    if app.env.docname != glossary.PAGE:
        return
    cards: dict[str, Card] = {}
    for name, section in _sections(doctree):
        title = section[0]
        first = section[1] if len(section) > 1 else None
        if isinstance(title, nodes.title) and isinstance(first, nodes.paragraph):
            cards[name] = (inline_html(title), inline_html(first))
        else:
            problems.of(app).add(problems.place_of(app.env, title), f"'{title.astext()}' has no definition",
                                 "begin with a paragraph of one to three sentences that can stand alone")
    _cards(app.env).clear()
    _cards(app.env).update(cards)


def _cards(env: BuildEnvironment) -> dict[str, Card]:
    cards: dict[str, Card] = vars(env).setdefault("course_cards", {})  # stored with Sphinx's environment
    return cards


def publish(app: Sphinx, exception: Exception | None) -> None:
    """Write the file, if there are scripts that will ask for it."""
    if exception or app.builder.format != "html" or not scripts.are_there(app):
        return
    path = Path(app.outdir, FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(_cards(app.env), ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Collect while the glossary is read, and publish at the end."""
    app.connect("doctree-read", collect)
    app.connect("build-finished", publish)
