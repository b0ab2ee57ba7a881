"""Answers to a question: as letters, as the progress document keeps them, and what is said about them."""

import string
from collections.abc import Iterator, Sequence

from course.check import quiz
from course.check.quiz import Question, Verdict
from course.check.quiz_model import normalised
from course.lesson import output
from course.lesson.find import LessonError
from course.lesson.output import Bundle

Answer = str | Sequence[str]
"""Words for a `text` question, the ids of options for any other: for `order` from first to last."""
LEGENDS = {"choice": "Choose one answer:", "multi": "Choose every right answer:", "order": "Put these in order:",
           "predict": "What is the output?", "text": "Type your answer."}
TO_TYPE = {"choice": "the letter of your answer", "multi": "the letters of your answers",
           "order": "all letters from first to last", "predict": "the letter of your answer", "text": "your answer"}


def letters(question: Question) -> dict[str, str]:
    """Return the letter of each option by its id, in the order to show; none for a typed answer."""
    shown = () if question.kind == "text" else quiz.shown(question)
    return {option.id: letter for option, letter in zip(shown, string.ascii_uppercase, strict=False)}


def of_letters(question: Question, typed: str) -> Answer:
    """Return what `"B"`, `"a, c"` or the text of an answer means. Raises LessonError for a letter that is not there."""
    if question.kind == "text":
        return typed
    by_letter = {letter: one for one, letter in letters(question).items()}
    wanted = [letter for letter in typed.upper() if letter not in " ,;"]
    if unknown := [letter for letter in wanted if letter not in by_letter]:
        raise LessonError(f"there is no answer {', '.join(unknown)}; there are {', '.join(by_letter)}")
    chosen = [by_letter[letter] for letter in dict.fromkeys(wanted)]
    if question.kind == "order" and len(chosen) != len(by_letter):
        raise LessonError(f"give all letters from first to last; there are {', '.join(by_letter)}")
    return chosen


def as_letters(question: Question, answer: Answer) -> str:
    """Return the answer as it could be typed."""
    return answer if isinstance(answer, str) else "".join(letters(question)[one] for one in answer)


def is_empty(answer: Answer) -> bool:
    """Whether nothing was chosen or typed."""
    return not normalised(answer) if isinstance(answer, str) else not any(answer)


def kept(answer: Answer) -> str:
    """Return the answer as the progress document keeps it: ids with a space between them, or what was typed."""
    return answer if isinstance(answer, str) else " ".join(answer)


def of_kept(question: Question, text: str) -> Answer:
    """Return a kept answer, without options that the question no longer has; an order that lacks some is none."""
    if question.kind == "text":
        return text
    there = {option.id for option in question.options}
    ids = [one for one in text.split() if one in there]
    return [] if question.kind == "order" and len(ids) != len(there) else ids


def options(question: Question) -> dict[str, Bundle]:
    """Return what each option says, by its id, in the order to show."""
    shown = quiz.shown(question)
    return {option.id: output.literal(option.text) if question.kind == "predict" else output.markdown(option.text)
            for option in shown}


def told(question: Question, verdict: Verdict) -> Iterator[Bundle]:
    """Yield the verdict, then the feedback of what was chosen."""
    yield output.note(verdict.words)
    named = letters(question)
    for option in verdict.chosen:
        if option.feedback and question.kind == "multi":
            yield output.markdown(f"**{named[option.id]}** ({'right' if option.right else 'wrong'}): {option.feedback}")
        elif option.feedback:
            yield output.markdown(option.feedback)
    if verdict.explanation:
        yield output.markdown(verdict.explanation)
