"""What the script of the cells (web/cell/page.mjs) needs: names and tags of cells, and a word about the page.

Without a script nothing of it is seen. The sentences under tracebacks, book/exceptions.yml, are published beside it,
with links to those pages that this book has.
"""

import json
import shutil
from collections.abc import Iterable
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

import yaml
from docutils import nodes
from sphinx.application import Sphinx

from course.site import elements, glance, lesson_role, scripts
from course.site.elements import make

SENTENCES = Path("book") / "exceptions.yml"
RUNTIME = "runtime/"  # beside _static: whatever lies in there is known to each page


def mark(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Name each code cell, leave a place for its buttons, and add what the script must know of the page."""
    path = Path(app.env.doc2path(docname))
    found = [cell for cell in doctree.findall(nodes.container) if cell.get("nb_element") == "cell_code"]
    if path.suffix != ".ipynb" or not found or not scripts.are_there(app):
        return
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell in found:
        source = next((part for part in cell.children if _is_source(part)), None)
        if source is not None:
            cell.insert(cell.index(source) + 1, make("div", {}, classes="cell-bar"))
            cell.replace_self(_named(cell, cells[cell["cell_index"]]))
    about = json.dumps(describe(app, docname)).replace("<", "\\u003c")
    doctree.append(nodes.raw("", f'<script type="application/json" id="course-page">{about}</script>', format="html"))


def _is_source(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code_source"


def _named(container: nodes.Element, cell: dict[str, Any]) -> elements.element:
    """Return the element that stands for a cell's container: it carries the cell's id and tags."""
    data = {"data-cell": str(cell.get("id", container["cell_index"])),
            "data-tags": " ".join(cell.get("metadata", {}).get("tags", []))}
    named = make("div", data, *container.children, classes=" ".join(container["classes"]))
    named.source, named.line = container.source, container.line
    return named


def describe(app: Sphinx, docname: str) -> dict[str, Any]:
    """Return what the page's script must know; addresses are relative to the page."""
    to_root = "../" * docname.count("/") or "./"
    how = glance.HOW_TO_RUN in app.env.found_docs
    return {
        "lesson": PurePosixPath(docname).name,
        "notebook": Path(app.env.doc2path(docname, base=False)).as_posix(),
        "root": to_root,
        "runtime": to_root + RUNTIME,
        "kernel": None,  # our local server says where its kernels are: data-course-server on <html>
        "how": app.builder.get_relative_uri(docname, glance.HOW_TO_RUN) if how else None,
        **elsewhere_to_run(app.config.course_binder, app.config.course_hub, docname),
        "files": [{"path": name, "url": name} for name in _files(Path(app.env.doc2path(docname)))],
    }


def elsewhere_to_run(binder: str, hub: str, docname: str) -> dict[str, str | None]:
    """Return where this very page opens with a kernel of its own; None where `_config.yml` names no such place.

    `binder` is a repository's address on a Binder service (https://mybinder.org/v2/gh/OWNER/NAME/HEAD), `hub` that of
    a JupyterHub. Sources: BinderHub's `urlpath`, JupyterHub's `/hub/user-redirect/`.
    """
    page = f"course/{docname}.html"
    return {"binder": f"{binder.rstrip('/')}?urlpath={quote(page, safe='')}" if binder else None,
            "hub": f"{hub.rstrip('/')}/hub/user-redirect/{quote(page)}" if hub else None}


def _files(notebook: Path) -> list[str]:
    """Return the files of `<lesson>_files/`, which a cell finds in its working directory."""
    folder = notebook.with_name(f"{notebook.stem}_files")
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(path.relative_to(notebook.parent).as_posix() for path in found)


def sentences(entries: Iterable[dict[str, str]], site: Path) -> list[dict[str, Any]]:
    """Return the entries of the table for the page; a link that leads nowhere in the built `site` is left out."""
    found: list[dict[str, Any]] = []
    for entry in entries:
        kept: dict[str, Any] = {name: entry[name] for name in ("name", "holds", "says") if name in entry}
        title, target = lesson_role.split(entry.get("read", "")) or ("", "")
        page, _, anchor = target.partition("#")
        built = site / f"{page}.html"
        if page and built.is_file() and (not anchor or f'id="{anchor}"' in built.read_text(encoding="utf-8")):
            kept["read"] = {"title": title, "address": f"{page}.html" + (f"#{escape(anchor)}" if anchor else "")}
        found.append(kept)
    return found


def publish(app: Sphinx, exception: Exception | None) -> None:
    """Write the table of sentences, and copy the files that cells read."""
    if exception or app.builder.format != "html" or not scripts.are_there(app):
        return
    table = Path(app.confdir) / SENTENCES
    entries = yaml.safe_load(table.read_text(encoding="utf-8")) if table.is_file() else []
    target = Path(app.outdir, "_static", "run", "exceptions.json")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(sentences(entries, Path(app.outdir)), ensure_ascii=False), encoding="utf-8")
    for docname in sorted(app.env.found_docs):
        notebook = Path(app.env.doc2path(docname))
        for name in _files(notebook) if notebook.suffix == ".ipynb" else ():
            copy = Path(app.outdir, docname).parent / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(notebook.parent / name, copy)


def setup(app: Sphinx) -> None:
    """Mark cells when pages are written, after all that replaces their parts; publish at the end."""
    for place in ("course_binder", "course_hub"):  # see `elsewhere_to_run`
        app.add_config_value(place, "", "html", str)
    app.connect("doctree-resolved", mark, priority=700)
    app.connect("build-finished", publish, priority=950)
