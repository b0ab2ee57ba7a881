"""A question in a notebook: what is asked, the controls to answer it, and what is said about the answer."""

from pathlib import Path

from course.check import progress, progress_file, quiz, work
from course.check.quiz import Question, Verdict
from course.lesson import faults, find, jupyter, output, quiz_answers
from course.lesson.output import Bundle
from course.lesson.quiz_answers import Answer

FIRST = "**Predict.** Answer before you run the next cell; its output is folded until then."
THEN = "Now run the next cell and compare."


def show(address: str, typed: str | None, predicts: bool) -> None:
    """Show the question in the output of the cell that runs; what goes wrong is told there in a sentence.

    `typed` is an answer in letters or words, `predicts` says that the next cell shows what is right.
    """
    try:
        root = find.course()
        asked = Asked(root, address, find.answerable(root, address), predicts)
    except faults.FAULTS as error:
        jupyter.show(output.note(faults.sentence(error)))
        return
    jupyter.show(output.markdown(f"{FIRST}\n\n{asked.question.text}" if predicts else asked.question.text))
    answer, told = asked.begin(typed)
    instead = _instead(asked, told)
    if not jupyter.live():
        jupyter.show(instead)
        return
    from course.lesson.quiz_form import QuizForm
    jupyter.Place(QuizForm(asked, answer, told).widget).show(instead)


class Asked:
    """A question that is put to a reader, whose answers go into the progress document."""

    def __init__(self, root: Path, address: str, question: Question, predicts: bool = False) -> None:
        self.root, self.address, self.question, self.predicts = root, address, question, predicts

    def begin(self, typed: str | None) -> tuple[Answer, list[Bundle]]:
        """Judge the answer that was typed; without one, that of the last time. Return it with what is said of it."""
        try:
            if typed is not None:
                answer = quiz_answers.of_letters(self.question, typed)
                return answer, self.judge(answer)
            return self._before()
        except faults.FAULTS as error:
            return (), [output.note(faults.sentence(error))]

    def judge(self, answer: Answer) -> list[Bundle]:
        """Judge an answer and note it; return what is said of it. An empty one is not noted."""
        verdict = quiz.verdict(self.question, answer)
        told = list(quiz_answers.told(self.question, verdict))
        if quiz_answers.is_empty(answer):
            return told
        trouble = self._note(verdict, answer)
        return [*told, *([output.quiet(THEN)] if self.predicts else []), *([output.note(trouble)] if trouble else [])]

    def _before(self) -> tuple[Answer, list[Bundle]]:
        loaded = progress_file.load(work.progress_path(self.root))
        seen = progress.seen(loaded.progress, find.in_progress(self.address))
        answer = quiz_answers.of_kept(self.question, seen.text)
        if quiz_answers.is_empty(answer):
            return (), [output.note(loaded.message)] if loaded.message else []
        # The letters of an order say nothing beside its numbers; the entries stand as they were left.
        what = "" if self.question.kind == "order" else f"{quiz_answers.as_letters(self.question, answer)} "
        when = output.quiet(f"You answered {what}on {seen.text_at[:10]}:")
        return answer, [when, *quiz_answers.told(self.question, quiz.verdict(self.question, answer))]

    def _note(self, verdict: Verdict, answer: Answer) -> str:
        """Keep the answer; return what the reader must know, when it could not be kept or something was set aside."""
        try:
            return work.note(self.root, lambda before: progress.answered(
                before, find.in_progress(self.address), work.now(), verdict.right, quiz_answers.kept(answer)))
        except faults.FAULTS as error:
            return f"Your answer could not be kept. {faults.sentence(error)}"


def _instead(asked: Asked, told: list[Bundle]) -> Bundle:
    """Return what an editor shows that has no buttons."""
    question = asked.question
    lines = [quiz_answers.LEGENDS[question.kind]]
    for letter, option in zip(quiz_answers.letters(question).values(), quiz_answers.options(question).values(),
                              strict=False):
        text = option["text/markdown"].replace("\n", "\n  ")
        lines.append(f"- **{letter}.** {text}" if not text.startswith("```") else f"- **{letter}.**\n\n  {text}")
    call = "predict" if asked.predicts else "quiz"
    lines.append(f'To answer, write `{call}("{asked.address}", "...")` with {quiz_answers.TO_TYPE[question.kind]} for '
                 "the dots, and run the cell.")
    return output.markdown("\n\n".join([*lines, output.joined(told, "text/markdown")]).strip())
