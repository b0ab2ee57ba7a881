"""Cells that place an exercise or a question: they become directives, and each is placed exactly once.

The notebook keeps its calls, `exercise("lesson/name")`; Sphinx reads each such cell as Markdown with a directive in
its place, so that what it shows is rendered as part of the page. The import is left out.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from course import sheet
from course.check import exercise, placed, quiz
from course.check.quiz_model import Quiz, QuizError
from course.site import notebooks, problems


@dataclass(frozen=True)
class Placed:
    """What a page places, and where on it."""

    kind: placed.Kind
    address: str
    where: str


def replace(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put directives in place of the calls, in the notebook's text that Sphinx is about to parse."""
    if Path(app.env.doc2path(docname)).suffix != ".ipynb":
        return
    content = json.loads(source[0])
    code = [(number, cell) for number, cell in enumerate(content["cells"], 1) if cell["cell_type"] == "code"]
    for (number, cell), place in zip(code, placed.cells(notebooks.source(cell) for _, cell in code), strict=True):
        for line, fault in place.faults:
            problems.of(app).tell(f"{app.env.doc2path(docname, base=False)}: cell {number}, line {line}: {fault}")
        if place.placing:
            _become_markdown(cell, place)
    source[0] = json.dumps(content)


def _become_markdown(cell: dict[str, Any], place: placed.Cell) -> None:
    calls = () if place.faults else place.placements
    text = "\n\n".join(f"```{{course-{call.kind}}} {call.address} {call.line}\n```" for call in calls)
    cell.pop("outputs", None)
    cell.pop("execution_count", None)
    cell |= {"cell_type": "markdown", "metadata": {}, "source": text}


class Placing(SphinxDirective):
    """A directive that such a cell has become: its arguments are the address and the line of the call in its cell."""

    kind: placed.Kind
    required_arguments = 1
    optional_arguments = 1

    @property
    def address(self) -> str:
        """The address that the call names."""
        return str(self.arguments[0])

    def where(self) -> str:
        """Return the place of the call."""
        line = self.lineno
        if len(self.arguments) > 1:  # the line before the first of the cell, and the line in the cell
            line += 1 - line % notebooks.CELL_LINES + int(self.arguments[1])
        return problems.place(self.env, self.env.docname, line)

    def note(self) -> None:
        """Remember that the page places it; report a question that it asks already."""
        here = Placed(self.kind, self.address, self.where())
        on_page = of(self.env).setdefault(self.env.docname, [])
        twice = next((other for other in on_page if _same_question(other, here)), None)
        if twice:
            self.report(f"`{self.address}` is asked on this page already ({twice.where})", "take one of them out")
        on_page.append(here)

    def anchor(self, prefix: str) -> str:
        """Return the page's id for what is placed: short for its own lesson, with the lesson's name for others."""
        return anchor(self.env.docname, prefix, self.address)

    def report(self, error: Exception | str, remedy: str = "") -> None:
        """Note what is wrong: an error that names its own file as it is, another one at the place of the call."""
        found = problems.of(self.env.app)
        if remedy:
            found.add(self.where(), str(error), remedy)
            return
        for line in str(error).splitlines():
            found.tell(line.replace(f"{self.env.srcdir}{os.sep}", ""))


def anchor(docname: str, prefix: str, address: str) -> str:
    """Return the id that what has this address has on the page: short for the page's own lesson."""
    lesson, _, name = address.partition("/")
    return f"{prefix}-{name}" if lesson == PurePosixPath(docname).name else f"{prefix}-{lesson}-{name}"


def of(env: BuildEnvironment) -> dict[str, list[Placed]]:
    """Return what each page places."""
    pages: dict[str, list[Placed]] = vars(env).setdefault("course_placed", {})  # stored with Sphinx's environment
    return pages


def _same_question(one: Placed, other: Placed) -> bool:
    """Say whether both ask the same question: `quiz` and `predict` share theirs."""
    return one.address == other.address and "exercise" not in (one.kind, other.kind)


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop what a page places when it is read anew or removed."""
    of(env).pop(docname, None)


def complete(app: Sphinx, env: BuildEnvironment) -> None:
    """Report exercises that stand on two pages, and what the lessons of this book have and no page places."""
    found, everywhere = problems.of(app), [one for docname in sorted(of(env)) for one in of(env)[docname]]
    first: dict[str, Placed] = {}
    for one in (one for one in everywhere if one.kind == "exercise"):
        if first.setdefault(one.address, one).where != one.where:
            found.add(one.where, f"the exercise `{one.address}` stands on {first[one.address].where} already",
                      "an exercise has one place: link to it instead")
    lessons = {PurePosixPath(docname).name for docname in env.found_docs
               if env.doc2path(docname).endswith(".ipynb") or PurePosixPath(docname).parent.name == sheet.FOLDER}
    root = Path(env.srcdir)
    for address in exercise.addresses(root):
        if address.split("/")[0] in lessons and address not in first:
            found.add(f"exercises/{address}/task.md", f"no page places the exercise `{address}`",
                      f'add a cell `exercise("{address}")` under Your turn of its lesson')
    asked = {one.address for one in everywhere if one.kind != "exercise"}
    for lesson in sorted(lessons):
        _unasked(found, root, lesson, asked)


def _unasked(found: problems.Problems, root: Path, lesson: str, asked: set[str]) -> None:
    """Report the questions of a lesson that no page asks, and what is wrong with its quiz when it cannot be read."""
    if not quiz_file(root, lesson).is_file():
        return
    try:
        questions = read_quiz(root, lesson).questions
    except QuizError as error:
        for fault in error.faults:
            found.tell(str(fault))
        return
    for question in questions:
        if f"{lesson}/{question.name}" not in asked:
            found.add(f"exercises/{lesson}/quiz.md:{question.line}", f"no page asks `{lesson}/{question.name}`",
                      f'add a cell `quiz("{lesson}/{question.name}")` to its lesson')


def quiz_file(root: Path, lesson: str) -> Path:
    """Return the file of a lesson's questions, whether it exists or not."""
    return root / "exercises" / lesson / "quiz.md"


def read_quiz(root: Path, lesson: str) -> Quiz:
    """Read a lesson's questions. Raises QuizError, whose lines name the file from the root, and OSError."""
    path = quiz_file(root, lesson)
    return quiz.parse(path.read_text(encoding="utf-8"), path.relative_to(root))


def setup(app: Sphinx) -> None:
    """Replace the cells before they are parsed; look for what is missing when all pages are read."""
    app.connect("source-read", replace)
    app.connect("env-purge-doc", forget)
    app.connect("env-updated", complete)
