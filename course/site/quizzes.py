"""Cells `quiz("lesson/question")` and `predict("lesson/question")` as native forms, with answers for who has no script.

The page holds all that web/quiz/quiz.mjs needs to judge and to explain, in the folded answers: it fetches nothing.
Without that script, which is bundled from `web/`, the answers are read there.
"""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from course.check import placed, predict_answer
from course.check.quiz_model import Question, Quiz, QuizError
from course.site import elsewhere, placing, quiz_form
from course.site.elements import make
from course.site.placing import Placing

ANCHOR = "quiz"


class QuizDirective(Placing):
    """The question that the argument names."""

    kind: placed.Kind = "quiz"

    def run(self) -> list[nodes.Node]:
        """Return the question with its form and its answers; nothing when it cannot be read."""
        self.note()
        lesson, _, name = self.address.partition("/")
        path = placing.quiz_file(Path(self.env.srcdir), lesson)
        self.env.note_dependency(str(path))
        if not path.is_file():
            self.report(f"there is no question `{self.address}`, and no exercises/{lesson}/quiz.md",
                        "correct the address, or write that file")
            return []
        try:
            return [self.element(_answered(self, lesson).question(name), path)]
        except LookupError as error:
            self.report(str(error), "correct the address, or add the question")
        except QuizError as error:
            self.report(error)
        return []

    def element(self, question: Question, path: Path) -> nodes.Element:
        """Return `<course-quiz>` with all that is in it."""
        def markdown(words: str, line: int) -> list[nodes.Node]:
            return elsewhere.render(self, words, path, line)

        name = self.anchor(ANCHOR)
        data = {"data-question": self.address, "data-kind": question.kind}
        parts = quiz_form.parts(question, name, markdown)
        form = quiz_form.form(question, name, parts, "Check" if self.kind == "quiz" else "Check and show the output")
        asked = make("div", {}, *markdown(question.text, elsewhere.line_of(path, question.text)),
                     classes="quiz-question", ids=f"{name}-question")
        found = make("course-quiz", data, asked, form, quiz_form.answers(question, parts, markdown),
                     classes="course-quiz", ids=name)
        found.source, found.line = self.state.document["source"], self.lineno
        return found


class PredictDirective(QuizDirective):
    """The question that stands before a cell, whose output stays folded until it is answered."""

    kind = "predict"

    def element(self, question: Question, path: Path) -> nodes.Element:
        """Return the question, marked for `folds`."""
        found = super().element(question, path)
        found["attributes"]["data-folds"] = f"{found['ids'][0]}-output"
        found["where"] = self.where()
        return found


def _answered(directive: Placing, lesson: str) -> Quiz:
    """Return the lesson's quiz with computed answers; the questions of one page read it once. Raises QuizError."""
    known: dict[str, Any] = directive.env.temp_data.setdefault("course_quizzes", {})  # emptied after each page
    root = Path(directive.env.srcdir)
    if lesson not in known:
        try:
            known[lesson] = predict_answer.answered(placing.read_quiz(root, lesson), root / "build" / "predict")
        except QuizError as error:
            known[lesson] = error
    if isinstance(known[lesson], QuizError):
        raise known[lesson]
    found: Quiz = known[lesson]
    return found


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("course-quiz", QuizDirective)
    app.add_directive("course-predict", PredictDirective)
