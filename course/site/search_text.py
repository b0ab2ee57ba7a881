"""What the search may find on a page: each section by itself, with its heading, its text and its code.

It is read from Sphinx's tree while pages are read, so that a build that changes one page looks at that page only.
What `elements.unsearched` holds (hints, solutions, answers) is left out, as in Sphinx's own search, and so are
the words of buttons.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from docutils import nodes

from course.site import elements

TEXT, CODE, OUTPUT = 1.0, 0.5, 0.25  # what a word counts there; in a heading it counts as in a page's title
_CONTROLS = ("summary", "button", "legend")
_REMARKS = ("exercise-facts", "exercise-howto", "needs-kernel")  # the same words on every page
_DRAWN = ("image/svg+xml", "image/png", "text/html")  # outputs whose plain text is only a name
# Markup for one format, such as that of a line break, what is not shown, and what docutils says to authors.
_UNSEEN = nodes.raw | nodes.Invisible | nodes.system_message
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Block:
    """Some text and what its words count."""

    weight: float
    text: str


@dataclass(frozen=True)
class Section:
    """A section without the sections in it; `anchor` is empty for a page's beginning."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]


def sections(doctree: nodes.document) -> tuple[Section, ...]:
    """Return the sections of a page that have a heading and an id, in their order."""
    found = []
    for node in doctree.findall(nodes.section):
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        if title is not None and node["ids"]:
            anchor = node["ids"][0] if isinstance(node.parent, nodes.section) else ""
            found.append(Section(anchor, title.astext(), tuple(_blocks(node, TEXT))))
    return tuple(found)


def _blocks(node: nodes.Element, weight: float) -> Iterator[Block]:
    """Yield the text below `node` in its order, what is code or an output with its own weight."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            if child.strip():
                yield Block(weight, str(child))
        elif isinstance(child, nodes.Element) and not _is_passed_over(child):
            yield from _of_element(child, weight)


def _of_element(node: nodes.Element, weight: float) -> Iterator[Block]:
    if name := _exercise(node):
        yield Block(TEXT, f"Exercise {name}")  # its address is what learners know it by
    if isinstance(node, nodes.literal_block):
        yield Block(min(weight, CODE), node.astext())
    elif isinstance(node, nodes.TextElement):
        yield Block(weight, _text(node))
    else:
        yield from _blocks(node, OUTPUT if node.get("nb_element") == "cell_code_output" else weight)


def _text(node: nodes.Node) -> str:
    """Return the text of a paragraph as readers see it; a forced line break is a space."""
    if isinstance(node, _UNSEEN):
        return " "
    if isinstance(node, nodes.Element) and node.children:
        return node.child_text_separator.join(map(_text, node.children))
    return node.astext()


def _is_passed_over(node: nodes.Element) -> bool:
    if isinstance(node, nodes.section | nodes.title | _UNSEEN):
        return True
    classes: list[str] = node.get("classes", [])
    drawn = any(child.get("mime_type") in _DRAWN for child in node.children if isinstance(child, nodes.Element))
    return node.get("tag") in _CONTROLS or drawn or any(name in classes for name in _REMARKS)


def _exercise(node: nodes.Element) -> str:
    """Return the name of the exercise that `node` is; empty for anything else."""
    attributes: dict[str, str] = node.get("attributes", {}) if isinstance(node, elements.element) else {}
    return attributes.get("data-exercise", "").rpartition("/")[2]


def words(found: Section) -> list[str]:
    """Return the words of a section, in small letters: letters, digits and `_` that stand together."""
    return [word for text in (found.title, *(block.text for block in found.blocks))
            for word in _WORD.findall(text.lower())]
