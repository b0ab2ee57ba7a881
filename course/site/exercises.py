"""A cell `exercise("lesson/name")` as a whole exercise: statement, starter, hints and solution, before any script.

`<course-exercise>` carries what makes it live: the address, the fingerprint, where it runs, and the starter as the
text of the only `pre` in its `.starter`.
"""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from course.check import exercise
from course.check.cut import CutError
from course.check.exercise import HINTS, Exercise, ExerciseError
from course.site import elements, elsewhere, glance
from course.site.elements import make, text
from course.site.lesson_role import lesson_link
from course.site.placing import Placing

ANCHOR = "exercise"


class ExerciseDirective(Placing):
    """The exercise that the argument names."""

    kind = "exercise"

    def run(self) -> list[nodes.Node]:
        """Return the exercise as a section with a heading of its own; nothing when it cannot be read."""
        self.note()
        root = Path(self.env.srcdir)
        if self.address not in exercise.addresses(root):
            self.report(_unknown(root, self.address), "correct the address, or add the exercise")
            return []
        folder = root / "exercises" / self.address
        for path in (folder / "task.md", folder / "hints.md", folder / "checks.py", *folder.glob("solution.*")):
            self.env.note_dependency(str(path))
        try:
            return [self.section(exercise.load(root, self.address))]
        except (ExerciseError, CutError) as error:
            self.report(error)
            return []

    def section(self, task: Exercise) -> nodes.section:
        """Return the heading and all beneath it; the heading stands in the page's list of contents."""
        name = self.anchor(ANCHOR)
        section = nodes.section("", nodes.title("", task.title), ids=[name], classes=["exercise"])
        section.document = self.state.document
        self.state.document.ids[name] = section
        section.source, section.line = self.state.document["source"], self.lineno
        data = {"data-exercise": task.address, "data-fingerprint": task.fingerprint, "data-points": str(task.points),
                "data-needs": " ".join(task.needs), "data-file": _file(task)}
        section += make("course-exercise", data, _facts(task), *self.statement(task), _starter(task),
                        make("div", {}, classes="exercise-bar cell-bar"), _howto(task), *self.hints(task),
                        _solution(task), classes="course-exercise")
        return section

    def statement(self, task: Exercise) -> list[nodes.Node]:
        """Return the rendered text of `task.md`."""
        path = task.folder / "task.md"
        return elsewhere.render(self, task.statement, path, elsewhere.line_of(path, task.statement))

    def hints(self, task: Exercise) -> list[nodes.Node]:
        """Return each hint, folded."""
        path, found = task.folder / "hints.md", []
        for number, (title, hint) in enumerate(zip(HINTS, task.hints, strict=False), 1):
            words = elsewhere.render(self, hint, path, elsewhere.line_of(path, hint))
            found.append(elements.hidden_from_search(
                "details", {"data-hint": str(number)},
                make("summary", {}, text(f"Hint {number}: {title[0].lower()}{title[1:]}")), make("div", {}, *words),
                classes="hint"))
        return list(found)


def _unknown(root: Path, address: str) -> str:
    lesson = address.partition("/")[0]
    there = [other for other in exercise.addresses(root) if other.startswith(f"{lesson}/")]
    return f"there is no exercise `{address}`" + (f" (this lesson has {', '.join(there)})" if there else "")


def _file(task: Exercise) -> str:
    """Return where the learner's answer is kept."""
    return f"work/{task.address}{task.suffix}"


def _facts(task: Exercise) -> nodes.Node:
    """Return minutes, points and where it runs, in a line."""
    points = "1 point" if task.points == 1 else f"{task.points} points"
    facts = [nodes.inline("", words) for words in (f"{task.minutes} minutes", points)]
    if task.runs_in_page:
        facts.append(nodes.inline("", "runs on your machine or in a browser"))
    else:
        how = lesson_link("", "how to run it", page=glance.HOW_TO_RUN)
        facts.append(nodes.inline("", "", text("needs a kernel: "), how))
    return nodes.paragraph("", "", *facts, classes=["exercise-facts"])


def _starter(task: Exercise) -> nodes.Node:
    return make("details", {"open": ""}, make("summary", {}, text("What you start from")),
                elements.code(task.starter, task.language), classes="starter")


def _howto(task: Exercise) -> nodes.Node:
    return nodes.paragraph(
        "", "", text("With an editor of your own, on your machine: "),
        nodes.literal("", f"course watch {task.address}"), text(" makes the file "),
        nodes.literal("", _file(task)), text(" and checks it each time you save. "),
        lesson_link("", "How to run", page=glance.HOW_TO_RUN), classes=["exercise-howto"])


def _solution(task: Exercise) -> nodes.Node:
    return elements.hidden_from_search("details", {}, make("summary", {}, text("Solution (a spoiler)")),
                                       elements.code(task.solution, task.language), classes="solution")


class ExerciseAnchors(SphinxTransform):
    """Let links within Markdown reach exercises, before MyST looks for the targets of links (priority 879)."""

    default_priority = 860

    def apply(self, **kwargs: object) -> None:
        """Make each exercise's id known to MyST."""
        for section in self.document.findall(nodes.section):
            if "exercise" in section["classes"]:
                name, title = section["ids"][0], section.next_node(nodes.title)
                slugs = self.env.metadata[self.env.docname].setdefault("myst_slugs", {})
                slugs[name] = (section.line, name, title.astext() if title else name)


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("course-exercise", ExerciseDirective)
    app.add_transform(ExerciseAnchors)
