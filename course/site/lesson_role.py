"""The role {lesson}: a link when the page exists in the book, else its words alone."""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

_FORM = re.compile(r"(?P<title>[^<]+?)\s*<(?P<page>[^<>]+)>", re.DOTALL)


class lesson_link(nodes.inline):
    """A lesson's words; `page` is where they lead once that page is part of the book."""


def split(text: str) -> tuple[str, str] | None:
    """Return title and page of "Title <path/of/page>", or None when the text has another form."""
    match = _FORM.fullmatch(text.strip())
    return (match["title"], match["page"].strip()) if match else None


class LessonRole(SphinxRole):
    """Parse the role's text; the path is written from the book's root, without suffix."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the node for the words, or a message when the form is not "Title <path/of/page>"."""
        parts = split(self.text)
        if parts is None:
            message = self.inliner.reporter.error(
                f"the role lesson is written {{lesson}}`Title <tiers/1_foundations/page>`, not {self.text!r}",
                line=self.lineno)
            return [], [message]
        title, page = parts
        return [lesson_link(self.rawtext, title, page=page)], []


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Turn each lesson's words into a link when its page exists."""
    for node in list(doctree.findall(lesson_link)):
        if node["page"] not in app.env.titles:
            node.replace_self(nodes.inline("", "", *node.children, classes=["lesson-name"]))
            continue
        address = app.builder.get_relative_uri(docname, node["page"])
        node.replace_self(nodes.reference("", "", *node.children, internal=True, refuri=address))


def setup(app: Sphinx) -> None:
    """Register the role."""
    app.add_role("lesson", LessonRole())
    app.add_node(lesson_link)
    app.connect("doctree-resolved", resolve)
