"""A notebook read as a lesson: its sections, its prose, and which cells are its program."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat

from course.check import placed
from course.proof.notebook_files import code_cells

LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Section:
    """A second-level heading and the cells up to the next one."""

    title: str
    cells: tuple[nbformat.NotebookNode, ...]

    @property
    def prose(self) -> str:
        """The Markdown of the section."""
        return "\n".join(cell.source for cell in self.cells if cell.cell_type == "markdown")


class Lesson:
    """A notebook read as a lesson: title, sections, prose, code. Cells that only place exercises are not its code."""

    def __init__(self, path: Path, notebook: nbformat.NotebookNode) -> None:
        self.path, self.notebook = path, notebook
        sources = (cell.source for cell in code_cells(notebook))
        self.placing = {id(cell): place for cell, place in zip(code_cells(notebook), placed.cells(sources), strict=True)
                        if place.placing}
        self.code = [cell for cell in code_cells(notebook) if id(cell) not in self.placing]
        self.course = notebook.metadata.get("course", {})
        self.prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        self.sections = tuple(_sections(notebook.cells))

    def section(self, title: str) -> Section | None:
        """Return the section whose title begins with `title`."""
        return next((section for section in self.sections if section.title.startswith(title)), None)

    def runs(self, cell: nbformat.NotebookNode) -> bool:
        """Return whether a cell is a program of the lesson: code that does not only place an exercise or a question."""
        return cell.cell_type == "code" and id(cell) not in self.placing

    def places(self, cell: nbformat.NotebookNode, kind: placed.Kind) -> bool:
        """Return whether a cell places an exercise, a question or a prediction."""
        place = self.placing.get(id(cell))
        return place is not None and any(one.kind == kind for one in place.placements)

    @property
    def main(self) -> tuple[Section, ...]:
        """The sections between The problem and When it breaks."""
        titles = [section.title.split(":")[0] for section in self.sections]
        end = titles.index("When it breaks") if "When it breaks" in titles else len(titles)
        return self.sections[1:end]


def _sections(cells: list[nbformat.NotebookNode]) -> Iterator[Section]:
    """Cut the cells at second-level headings; one may stand in the middle of a Markdown cell."""
    title, held = "", []
    for cell in cells:
        if cell.cell_type != "markdown":
            held.append(cell)
            continue
        for part in re.split(r"^(?=## )", cell.source, flags=re.M):
            if part.startswith("## "):
                if title:
                    yield Section(title, tuple(held))
                title, held = part[3:].split("\n")[0].strip(), []
            held.append(nbformat.from_dict({"cell_type": "markdown", "source": part}))
    if title:
        yield Section(title, tuple(held))


def count_words(markdown: str) -> int:
    """Return the words a reader reads: link targets, headings, tables and list markers do not count."""
    lines = (line for line in markdown.splitlines() if not re.match(r"\s*(\||#)", line))
    return len(re.findall(r"\w[\w'().-]*", LINK.sub(r"\1", "\n".join(lines))))
