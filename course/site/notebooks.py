"""A notebook as the site needs it: its metadata, and which cells need an operating system. No Sphinx here."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.check import placed

NEEDS_KERNEL = "needs-kernel"
KEYS = ("minutes", "needs", "objectives")
PAGE = {"page": True}  # the metadata `course` of a notebook that is no lesson, such as the first page
EXAMPLE = '"course": {"minutes": 60, "needs": ["How to run <book/how_to_run>"], "objectives": ["Explain what ..."]}'


CELL_LINES = 10_000  # myst-nb numbers the first line of the second cell 20002


def cell_and_line(number: int) -> str:
    """Return in words the place that myst-nb's line `number` of a notebook stands for."""
    return f"cell {number // CELL_LINES}, line {max(1, number % CELL_LINES - 1)}"


class NotebookError(ValueError):
    """A notebook cannot become a page: what is wrong, and in `remedy` what to do."""

    def __init__(self, what: str, remedy: str):
        super().__init__(what)
        self.remedy = remedy


@dataclass(frozen=True)
class Lesson:
    """What the notebook says about itself, and the number of its code cells, those that place exercises left out."""

    minutes: int
    needs: tuple[str, ...]
    objectives: tuple[str, ...]
    code_cells: int
    kernel_cells: int


def read(path: Path) -> Lesson | None:
    """Return the lesson in the notebook `path`, None when it says that it is none; see `parse`."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise NotebookError(f"this is not a notebook: {error}",
                            "restore it from git, or save it again from JupyterLab") from error
    return parse(content)


def parse(content: Any) -> Lesson | None:
    """Return the lesson in a notebook's JSON (nbformat 4), None when it says that it is none (`PAGE`).

    Raises NotebookError when something is missing.
    """
    if not isinstance(content, dict) or content.get("nbformat") != 4 or not isinstance(content.get("cells"), list):
        raise NotebookError("this is not a notebook of format 4", "save it again from JupyterLab")
    _title(content["cells"])
    _outputs(content["cells"])
    if content.get("metadata", {}).get("course") == PAGE:
        return None
    about = _metadata(content.get("metadata", {}).get("course"))
    code = [cell for cell in content["cells"] if cell.get("cell_type") == "code" and source(cell).strip()]
    placing = placed.cells(map(source, code))
    code = [cell for cell, place in zip(code, placing, strict=True) if not place.placing]
    tagged = sum(NEEDS_KERNEL in cell.get("metadata", {}).get("tags", []) for cell in code)
    return Lesson(about["minutes"], tuple(about["needs"]), tuple(about["objectives"]), len(code), tagged)


def source(cell: dict[str, Any]) -> str:
    """Return the text of a cell, which nbformat stores as a string or as a list of lines."""
    text = cell.get("source", "")
    return text if isinstance(text, str) else "".join(text)


def _title(cells: list[dict[str, Any]]) -> None:
    first = cells[0] if cells else {}
    if first.get("cell_type") != "markdown" or not source(first).startswith("# "):
        raise NotebookError("the first cell is not a title", "begin with a Markdown cell `# Title` and one sentence")


def _outputs(cells: list[dict[str, Any]]) -> None:
    """Each code cell has been run: a page shows stored outputs, so a missing one would show nothing."""
    for number, cell in enumerate(cells, start=1):
        if cell.get("cell_type") == "code" and source(cell).strip() and not (
                cell.get("execution_count") or cell.get("outputs")):
            raise NotebookError(f"cell {number} was never run, so the page would show no output for it",
                                "run `nox -s refresh -- LESSON` with the lesson's name")


def _metadata(about: Any) -> dict[str, Any]:
    if not isinstance(about, dict) or set(about) != set(KEYS):
        raise NotebookError(f"the notebook's metadata needs `course` with exactly {', '.join(KEYS)}",
                            f"write {EXAMPLE} into its metadata")
    if not isinstance(about["minutes"], int) or isinstance(about["minutes"], bool) or about["minutes"] < 1:
        raise NotebookError(f"course.minutes is {about['minutes']!r}", "give a whole number of minutes, such as 60")
    for key in ("needs", "objectives"):
        if not isinstance(about[key], list) or not all(isinstance(one, str) and one.strip() for one in about[key]):
            raise NotebookError(f"course.{key} is {about[key]!r}", "give a list of texts")
    if not about["objectives"]:
        raise NotebookError("course.objectives is empty", "name what the reader can do afterwards, 3 to 8 objectives")
    return about
