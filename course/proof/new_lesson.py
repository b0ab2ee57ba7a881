"""Start a lesson from the template: a notebook that runs, with the reasons for its parts written into it."""

import re
from pathlib import Path

from course.check import placed
from course.proof import notebook_files

TEMPLATE = Path("book") / "template_lesson.ipynb"
HOMES = ("tiers", "roadmap")


class NewLessonError(ValueError):
    """The lesson cannot be started; the message says why and what to do."""


def start(root: Path, address: str) -> Path:
    """Write the template to `<address>.ipynb` below `root` and return that path.

    `address` is the page's path without suffix, such as `tiers/1_foundations/threads_gil`. Nothing is overwritten.
    Raises NewLessonError.
    """
    page = Path(address.removesuffix(".ipynb"))
    target = root / f"{page}.ipynb"
    if len(page.parts) != 3 or page.parts[0] not in HOMES or not (root / page.parts[0]).is_dir():
        raise NewLessonError(f"{address}: a lesson's address is tiers/<tier>/<name> or roadmap/<chapter>/<name>")
    if not re.fullmatch(r"[a-z]+(_[a-z]+)*", page.name):
        raise NewLessonError(f"{page.name}: a lesson's name is words in lower case joined by _, without numbers")
    if taken := next((found for home in HOMES for found in (root / home).rglob(f"{page.name}.ipynb")), None):
        raise NewLessonError(f"{taken.relative_to(root)} has this name already: names are addresses, choose another")
    notebook = notebook_files.read(root / TEMPLATE)
    sources = (cell.source for cell in notebook_files.code_cells(notebook))
    placing = {id(cell) for cell, place in zip(notebook_files.code_cells(notebook), placed.cells(sources), strict=True)
               if place.placing}  # the template's own exercise and questions
    notebook.cells = [cell for cell in notebook.cells if id(cell) not in placing]
    words = page.name.replace("_", " ")
    notebook.cells[0].source = f"# {words.capitalize()}\n\nAfter this lesson you can ..."
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(notebook_files.text_of(notebook_files.canonical(notebook)), encoding="utf-8", newline="\n")
    return target


def next_steps(made: str) -> str:
    """Return what the author does next, a line a step; `made` is the notebook's path from the root."""
    address, name = made.removesuffix(".ipynb"), Path(made).stem
    return "\n".join((
        f"1. Write it (book/style.md says how), in JupyterLab or your editor: {address}.ipynb",
        f"2. Name the page in _toc.yml: `- file: {address}`",
        f"3. Store its outputs: python3 noxfile.py -s refresh -- {name}",
        "4. See what is missing: python3 noxfile.py -s test",
    ))
