"""Nodes for HTML elements that docutils has no node for, so that what stands in them is rendered like all else."""

from collections.abc import Mapping
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

Attributes = Mapping[str, str]  # an empty text: an attribute whose presence counts, such as `open`
VOID = ("input",)


class element(nodes.General, nodes.Element):
    """An HTML element: `tag` is its name, `attributes` what stands in its first tag."""


class unsearched(nodes.comment):
    """The same, for what must not be found by searching. Sphinx's search passes over comments, and over nothing else.

    Text in it stands in an `element` of its own, or it would be taken for that of a comment.
    """


def make(tag: str, attributes: Attributes | None = None, *children: nodes.Node, classes: str = "",
         ids: str = "") -> element:
    """Return the element `<tag class="classes" id="ids" ...>children</tag>`."""
    return element("", *children, tag=tag, attributes=dict(attributes or {}), classes=classes.split(), ids=ids.split())


def hidden_from_search(tag: str, attributes: Attributes | None = None, *children: nodes.Node, classes: str = "",
                       ids: str = "") -> unsearched:
    """Return such an element that the search passes over with all that is in it."""
    return unsearched("", "", *children, tag=tag, attributes=dict(attributes or {}), classes=classes.split(),
                      ids=ids.split())


def text(words: str) -> nodes.Text:
    """Return plain text."""
    return nodes.Text(words)


def code(source: str, language: str) -> nodes.literal_block:
    """Return a block of code, highlighted by Sphinx."""
    return nodes.literal_block(source, source, language=language, force=False)


def visit(translator: HTML5Translator, node: nodes.Element) -> None:
    """Write the first tag."""
    attributes: dict[str, Any] = node["attributes"]
    translator.body.append(translator.starttag(node, node["tag"], "", **attributes))
    if node["tag"] in VOID:
        raise nodes.SkipNode


def depart(translator: HTML5Translator, node: nodes.Element) -> None:
    """Write the last tag."""
    translator.body.append(f"</{node['tag']}>\n")


def setup(app: Sphinx) -> None:
    """Register the nodes."""
    app.add_node(element, html=(visit, depart))
    app.add_node(unsearched, html=(visit, depart))
