"""The course's notebooks: which there are, and their canonical form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import yaml

from course.check import placed

# What a notebook keeps of its metadata: everything else tells of the machine that ran it.
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a notebook: where, what, and what to do."""

    path: Path
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.place}: {self.message}"


def all_notebooks(root: Path) -> list[Path]:
    """Return the notebooks that `_toc.yml` names, in its order. Raises FileNotFoundError for a missing page."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    found = []
    for name in _files(toc):
        notebook = root / f"{name}.ipynb"
        if notebook.is_file():
            found.append(notebook)
        elif not (root / f"{name}.md").is_file():
            raise FileNotFoundError(f"{root / '_toc.yml'}: names '{name}', but there is no {name}.ipynb or {name}.md: "
                                    "write the page or take the entry out")
    return found


def _files(entry: Any) -> list[str]:
    if isinstance(entry, dict):
        own = [entry[key] for key in ("root", "file") if key in entry]
        return own + [name for value in entry.values() for name in _files(value)]
    return [name for item in entry for name in _files(item)] if isinstance(entry, list) else []


def chosen(root: Path, names: list[str]) -> list[Path]:
    """Return the notebooks whose path or last part is in `names`; all when `names` is empty.

    Raises ValueError for a name that no notebook has.
    """
    notebooks = all_notebooks(root)
    by_name = {spelling: path for path in notebooks
               for spelling in (path.stem, path.name, str(path.relative_to(root)), str(path.relative_to(root))[:-6])}
    if unknown := [name for name in names if name not in by_name]:
        raise ValueError(f"no lesson is called {', '.join(unknown)}; there are: {', '.join(p.stem for p in notebooks)}")
    return [by_name[name] for name in names] or notebooks


def read(path: Path) -> nbformat.NotebookNode:
    """Read a notebook. Raises ValueError with the file and what to do when it is not one."""
    try:
        notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)
    except (OSError, ValueError, KeyError) as error:
        raise ValueError(f"{path}: not a notebook ({error}): restore it, or save it again from JupyterLab") from error
    return notebook


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Return the code cells, in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags(cell: nbformat.NotebookNode) -> list[str]:
    """Return a cell's tags."""
    return list(cell.metadata.get("tags", []))


def canonical(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Bring an executed notebook into the one form that is committed; changes and returns it.

    Execution counts 1..n, no machine metadata, stream output of a cell joined, tracebacks without colour or paths,
    outputs that are to be predicted folded.
    """
    notebook.metadata = nbformat.from_dict({"course": notebook.metadata.get("course", {}), "kernelspec": KERNEL})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        kept = tags(cell)
        cell.metadata = nbformat.from_dict({"tags": kept} if kept else {})
        cell.source = cell.source.rstrip()
        cell.pop("attachments", None)
    for cell in _predicted(notebook):
        cell.metadata["jupyter"] = {"outputs_hidden": True}  # JupyterLab folds it until the cell is run
    for count, cell in enumerate(code_cells(notebook), 1):
        cell.execution_count = count
        cell.outputs = _joined(cell.outputs)
        for output in cell.outputs:
            _clean(output, count)
    return notebook


def _predicted(notebook: nbformat.NotebookNode) -> Iterator[nbformat.NotebookNode]:
    """Yield the cells whose output a reader is asked to predict: each is the code cell after such a question.

    The question is one of a quiz, in a cell of its own, or a quote that begins with **Predict.**
    """
    for before, following in pairwise(notebook.cells):
        last = before.source.rsplit("\n\n", 1)[-1]
        if before.cell_type == "markdown" and following.cell_type == "code" and last.startswith("> **Predict.**"):
            yield following
    cells = code_cells(notebook)
    for place, following in zip(placed.cells(cell.source for cell in cells), cells[1:], strict=False):
        if any(placement.kind == "predict" for placement in place.placements):
            yield following


def _joined(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Join neighbouring pieces of one stream: where a kernel cuts them is an accident of timing."""
    kept: list[nbformat.NotebookNode] = []
    for output in outputs:
        if output.output_type == "stream" and kept and kept[-1].get("name") == output.name:
            kept[-1].text += output.text
        else:
            kept.append(output)
    return kept


def _clean(output: nbformat.NotebookNode, count: int) -> None:
    if output.output_type == "execute_result":
        output.execution_count = count
    if "metadata" in output:
        output.metadata = nbformat.from_dict({})


def text_of(notebook: nbformat.NotebookNode) -> str:
    """Return the notebook as the text of its file."""
    return str(nbformat.writes(notebook, indent=1)) + "\n"


def faults(path: Path, notebook: nbformat.NotebookNode) -> list[Fault]:
    """Return what keeps a committed notebook from being a proof of its outputs."""
    again = "run `python3 noxfile.py -s refresh -- " + path.stem + "`"
    found = []
    if text_of(canonical(nbformat.from_dict(notebook))) != path.read_text(encoding="utf-8"):
        found.append(Fault(path, "the file", f"is not in canonical form (counts, metadata, spacing): {again}"))
    for number, cell in enumerate(code_cells(notebook), 1):
        place = f"code cell {number} ({cell.id})"
        raised = any(output.output_type == "error" for output in cell.outputs)
        if cell.source.strip() and cell.execution_count is None:
            found.append(Fault(path, place, f"was never executed, so nothing compares its output: {again}"))
        if raised != ("raises-exception" in tags(cell)):
            found.append(Fault(path, place, "stores an error but is not tagged raises-exception: repair or tag it"
                               if raised else f"is tagged raises-exception but stores no error: {again}, or untag it"))
    for position, cell in enumerate(notebook.cells, 1):
        if not _ID.fullmatch(cell.get("id", "")):
            found.append(Fault(path, f"cell {position}", "needs an id of its own in words, such as `count-calls`: "
                               "ids name the cell in messages and addresses"))
    return found
