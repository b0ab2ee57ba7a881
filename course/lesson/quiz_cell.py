"""A question in a notebook: what is asked, the controls to answer it, and what is said about the answer."""

from pathlib import Path

from course.check import progress, progress_file, quiz, work
from course.check.quiz import Question, Verdict
from course.lesson import faults, find, jupyter, output, quiz_answers
from course.lesson.output import Bundle
from course.lesson.quiz_answers import Answer

FIRST = "**Predict.** Answer before you run the next cell."
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

    def begin(self, typed: str | None) -> tuple[Answer, str]:
        """Judge the answer that was typed; without one, that of the last time. Return it with what is said of it."""
        try:
            if typed is not None:
                answer = quiz_answers.of_letters(self.question, typed)
                return answer, self.judge(answer)
            return self._before()
        except faults.FAULTS as error:
            return (), f"**{faults.sentence(error)}**"

    def judge(self, answer: Answer) -> str:
        """Judge an answer and note it; return what is said of it, as Markdown. An empty one is not noted."""
        verdict = quiz.verdict(self.question, answer)
        trouble = "" if quiz_answers.is_empty(answer) else self._note(verdict, answer)
        return self._told(verdict) + (f"\n\n**{trouble}**" if trouble else "")

    def _before(self) -> tuple[Answer, str]:
        loaded = progress_file.load(work.progress_path(self.root))
        seen = progress.seen(loaded.progress, find.in_progress(self.address))
        answer = quiz_answers.of_kept(self.question, seen.text)
        if quiz_answers.is_empty(answer):
            return (), f"**{loaded.message}**" if loaded.message else ""
        when = f"Your answer of {seen.text_at[:10]}: "
        return answer, when + self._told(quiz.verdict(self.question, answer))

    def _note(self, verdict: Verdict, answer: Answer) -> str:
        """Keep the answer; return what the reader must know, when it could not be kept or something was set aside."""
        try:
            return work.note(self.root, lambda before: progress.answered(
                before, find.in_progress(self.address), work.now(), verdict.right, quiz_answers.kept(answer)))
        except faults.FAULTS as error:
            return f"Your answer could not be kept. {faults.sentence(error)}"

    def _told(self, verdict: Verdict) -> str:
        told = quiz_answers.told(self.question, verdict)
        return f"{told}\n\n{THEN}" if self.predicts and verdict.chosen else told


def _instead(asked: Asked, told: str) -> Bundle:
    """Return what an editor shows that has no buttons."""
    question = asked.question
    lines = [quiz_answers.LEGENDS[question.kind]]
    for position, letter in enumerate(quiz_answers.letters(question).values()):
        text = quiz_answers.option_text(question, position).replace("\n", "\n  ")
        lines.append(f"- **{letter}.** {text}" if not text.startswith("```") else f"- **{letter}.**\n\n  {text}")
    call = "predict" if asked.predicts else "quiz"
    lines.append(f'To answer, change the cell: `{call}("{asked.address}", "{quiz_answers.example(question)}")`.')
    return output.markdown("\n\n".join([*lines, *([told] if told else [])]))
