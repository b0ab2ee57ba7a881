"""Markdown that stands in another file, such as an exercise's `task.md`, rendered as part of the page being read."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

_TARGET = re.compile(r"\]\((?!/|#|[a-z]+:)(?P<path>[^)\s#]+)(?P<rest>#[^)\s]*)?\)")


def render(directive: SphinxDirective, markdown: str, path: Path, line: int) -> list[nodes.Node]:
    """Return the nodes of `markdown`, which stands in the file `path` from `line` on (1, 2, ...).

    Messages name that file. Links and pictures in it lead from there, else from the page, else from the book's root.
    """
    into = nodes.Element()
    lines = StringList(_rooted(markdown, path, directive.env).splitlines(), source=str(path))
    with _named(directive.state.document, path):
        directive.state.nested_parse(lines, line - 1 - directive.lineno, into)  # MyST counts from 0
    return list(into.children)


def line_of(path: Path, fragment: str) -> int:
    """Return the line on which `fragment` begins in the file; 1 when it does not stand there word for word."""
    before, found, _ = path.read_text(encoding="utf-8").partition(fragment.strip())
    return before.count("\n") + 1 if found else 1


@contextmanager
def _named(document: nodes.document, path: Path) -> Iterator[None]:
    """Let nodes and messages name `path` as their file, as MyST's own `include` does."""
    reporter = document.reporter
    source, said, finder = document["source"], reporter.source, vars(reporter).get("get_source_and_line")
    document["source"] = reporter.source = str(path)
    vars(reporter)["get_source_and_line"] = lambda line: (str(path), line)
    try:
        yield
    finally:
        document["source"], reporter.source = source, said
        vars(reporter)["get_source_and_line"] = finder
        if finder is None:
            del vars(reporter)["get_source_and_line"]


def _rooted(markdown: str, path: Path, env: BuildEnvironment) -> str:
    """Write the targets of links and pictures, as far as they are files of the book, as paths from its root."""
    root = Path(env.srcdir)
    folders = (path.parent, Path(env.doc2path(env.docname)).parent, root)

    def rooted(match: re.Match[str]) -> str:
        for folder in folders:
            target = Path(os.path.normpath(folder / match["path"]))
            if target.is_file() and target.is_relative_to(root):
                return f"](/{target.relative_to(root).as_posix()}{match['rest'] or ''})"
        return match[0]

    return _TARGET.sub(rooted, markdown)
