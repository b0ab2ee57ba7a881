"""Mistakes in the content: gathered while pages are read, then reported together, a line each."""

from dataclasses import dataclass, field
from pathlib import Path
from weakref import WeakKeyDictionary

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from course.site import notebooks


@dataclass
class Problems:
    """The lines found so far in one build."""

    lines: list[str] = field(default_factory=list)

    def add(self, where: str, what: str, remedy: str) -> None:
        """Note that at `where` (file and line or cell) `what` is wrong, and how to repair it."""
        self.tell(f"{where}: {what}; {remedy}")

    def tell(self, line: str) -> None:
        """Note a whole line of this form, once."""
        if line not in self.lines:
            self.lines.append(line)


_found: WeakKeyDictionary[Sphinx, Problems] = WeakKeyDictionary()


def of(app: Sphinx) -> Problems:
    """Return the problems of the build that `app` runs."""
    return _found.setdefault(app, Problems())


def place(env: BuildEnvironment, docname: str, line: int | None) -> str:
    """Return `file:line`, or `file: cell N, line M` for a notebook, relative to the book's root."""
    path = str(env.doc2path(docname, base=False))
    if line is None:
        return path
    return f"{path}: {notebooks.cell_and_line(line)}" if path.endswith(".ipynb") else f"{path}:{line}"


def place_of(env: BuildEnvironment, node: nodes.Node) -> str:
    """Return where a node of the page being read stands: in the page, or in a file shown on it."""
    at: nodes.Node | None = node
    while at is not None and not at.line:
        at = at.parent
    source = Path(str(at.source)) if at is not None and at.source else None
    line = at.line if at is not None else None
    if source is None or not source.is_relative_to(env.srcdir) or str(source) == env.doc2path(env.docname):
        return place(env, env.docname, line)
    return f"{source.relative_to(env.srcdir).as_posix()}:{line}"


def stop(app: Sphinx, env: BuildEnvironment) -> None:
    """Stop the build when there are problems. Raises ExtensionError whose text holds a line for each.

    This runs before Sphinx stores what it has read, so the next build reads the same pages and stops again.
    """
    if lines := of(app).lines:
        raise ExtensionError("\n".join(["The content needs repair:", *lines]))


def setup(app: Sphinx) -> None:
    """Stop before the first page is read (inputs) and again before the first is written."""
    app.connect("env-before-read-docs", lambda app, env, names: stop(app, env), priority=900)
    app.connect("env-updated", stop, priority=900)
