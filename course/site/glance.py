"""The box "At a glance" at the top of a lesson, and the label of cells that need a kernel."""

from collections.abc import Callable
from html import escape
from pathlib import Path

from docutils import nodes
from markdown_it import MarkdownIt
from sphinx.application import Sphinx

from course.site import lesson_role, notebooks, scripts
from course.site.notebooks import Lesson

HOW_TO_RUN = "book/how_to_run"
_MARKDOWN = MarkdownIt("commonmark", {"html": False})

Resolve = Callable[[str], tuple[str, str] | None]  # name of a page -> its title and address, None when it is no page


class glance_box(nodes.Element):
    """Where the box stands; `lesson` is the Lesson, `notebook` its path from the book's root."""


class kernel_label(nodes.Element):
    """Where the label of a cell stands."""


def where(code_cells: int, kernel_cells: int) -> str:
    """Return in one sentence where the cells run."""
    if not code_cells:
        return "There is nothing to run."
    browser = code_cells - kernel_cells
    cells = "The code cell runs" if code_cells == 1 else f"All {code_cells} cells run"
    if not kernel_cells:
        return f"{cells} on your machine or in a browser."
    return f"{cells} on your machine" + (f", {browser} of them in a browser too." if browser else ".")


# Seen with a script only; web/cell/page.mjs says in it where code runs. Its place is kept from the start.
RUN_NOTE = ('<p class="run-note">Press Run under a cell: it runs in this page. Change it, break it, reset it.'
            "</p>")
READ_NOTE = ('<p class="run-note">The code of this lesson runs on your machine only. Here you read it, step through '
             "its pictures and answer its questions.</p>")


def render(lesson: Lesson, notebook: str, resolve: Resolve, live: bool = False) -> str:
    """Return the HTML of the box. `resolve` finds the pages among the prerequisites; `live`: cells get buttons."""
    how = resolve(HOW_TO_RUN)
    runs = escape(where(lesson.code_cells, lesson.kernel_cells))
    runs += f' <a href="{escape(how[1])}">{escape(how[0])}</a>' if how else ""
    rows = [("Time", f"{lesson.minutes} minutes")]
    if lesson.needs:
        rows.append(("You need", "; ".join(_need(need, resolve) for need in lesson.needs)))
    rows += [("Runs", runs), ("You learn to", _list(lesson.objectives))]
    terms = "".join(f"<div><dt>{name}</dt> <dd>{content}</dd></div>\n" for name, content in rows)
    return (f'<section class="at-a-glance" aria-label="At a glance">\n<dl>{terms}</dl>'
            f'<p class="open-in-lab" data-notebook="{escape(notebook)}" hidden></p>'
            f'{_note(lesson) if live else ""}</section>')


def _note(lesson: Lesson) -> str:
    if not lesson.code_cells:
        return ""
    return READ_NOTE if lesson.kernel_cells == lesson.code_cells else RUN_NOTE


def _need(need: str, resolve: Resolve) -> str:
    """Return a prerequisite, "Title <path/of/page>", a path or words: a link when the page exists, else what it is."""
    title, target = lesson_role.split(need) or (need, need)
    if page := resolve(target):
        return f'<a href="{escape(page[1])}">{escape(page[0])}</a>'
    words = str(_MARKDOWN.renderInline(title))
    return words if title == target else f"the lesson <em>{words}</em> (planned)"


def _list(objectives: tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{_MARKDOWN.renderInline(one)}</li>\n" for one in objectives) + "</ul>"


def mark(app: Sphinx, doctree: nodes.document) -> None:
    """Leave a place for the box after the lesson's first sentence, and for the label on each tagged cell."""
    path = Path(app.env.doc2path(app.env.docname))
    section = next(doctree.findall(nodes.section), None)
    if path.suffix != ".ipynb" or section is None:
        return
    lesson = notebooks.read(path)
    if lesson is not None:
        sentence = section.first_child_matching_class(nodes.paragraph)
        notebook = Path(app.env.doc2path(app.env.docname, base=False)).as_posix()
        section.insert(1 if sentence is None else sentence + 1, glance_box(lesson=lesson, notebook=notebook))
    for cell in doctree.findall(nodes.container):
        if f"tag_{notebooks.NEEDS_KERNEL}" in cell.get("classes", []):
            cell.insert(0, kernel_label())


def resolve_all(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write the boxes and labels, now that all pages are known."""
    def resolve(page: str) -> tuple[str, str] | None:
        title = app.env.titles.get(page)
        return (title.astext(), app.builder.get_relative_uri(docname, page)) if title is not None else None

    for box in list(doctree.findall(glance_box)):
        box.replace_self(nodes.raw("", render(box["lesson"], box["notebook"], resolve, scripts.are_there(app)),
                                   format="html"))
    how = resolve(HOW_TO_RUN)
    more = f' <a href="{escape(how[1])}">how to run it</a>' if how else ""
    for label in list(doctree.findall(kernel_label)):
        label.replace_self(nodes.raw("", f'<p class="needs-kernel">needs a kernel{more}</p>', format="html"))


def setup(app: Sphinx) -> None:
    """Register the box and the label."""
    app.add_node(glance_box)
    app.add_node(kernel_label)
    app.connect("doctree-read", mark)
    app.connect("doctree-resolved", resolve_all)
