"""Judge an answer to a question, and hand the question to the page so that it can judge without the network."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from course.check.quiz_model import Option, Question, normalised

VERSION = 1


@dataclass(frozen=True)
class Verdict:
    """What a learner is told: whether the answer is right, in words, and the options they chose with the feedback.

    `explanation` is filled when the answer is right, so that a wrong one does not spoil the next try.
    """

    right: bool
    words: str
    chosen: tuple[Option, ...] = ()
    explanation: str = ""


def shown(question: Question) -> tuple[Option, ...]:
    """Return the options in the order to show: shuffled, the same each time, and for `order` never the right one.

    The order depends on the question's name and the option's text alone, so it tells nothing about the file, and it
    is the same on each Python.
    """
    def key(option: Option) -> str:
        return hashlib.sha256(f"{question.name}\n{option.text}".encode()).hexdigest()

    mixed = tuple(sorted(question.options, key=key))
    if question.kind == "order" and mixed == question.options:
        return mixed[1:] + mixed[:1]
    return mixed


def verdict(question: Question, answer: str | Sequence[str]) -> Verdict:
    """Judge `answer`: an option's id (choice, predict), ids (multi, order: from first to last), or words (text).

    Raises ValueError for an id that the question does not have, an order that lacks entries, and a `predict` question
    whose right answer is not computed yet.
    """
    if question.kind == "text":
        return _typed(question, "".join(answer))
    ids = [answer] if isinstance(answer, str) else list(answer)
    by_id = {option.id: option for option in question.options}
    if unknown := [one for one in ids if one and one not in by_id]:
        raise ValueError(f"'{question.name}' has no option {', '.join(unknown)}; ask for the question again")
    if not any(option.right for option in question.options):
        raise ValueError(f"'{question.name}': its answer is not computed; call predict_answer.answered first")
    chosen = [by_id[one] for one in dict.fromkeys(ids) if one]
    if question.kind == "order":
        return _ordered(question, chosen)
    return _several(question, chosen) if question.kind == "multi" else _one(question, chosen)


def _one(question: Question, chosen: list[Option]) -> Verdict:
    if len(chosen) != 1:
        return Verdict(False, "Choose one answer first." if not chosen else "Choose one answer only.")
    if chosen[0].right:
        return Verdict(True, "Right.", (chosen[0],), question.explanation)
    return Verdict(False, "Not right.", (chosen[0],))


def _several(question: Question, chosen: list[Option]) -> Verdict:
    if not chosen:
        return Verdict(False, "Choose at least one answer first.")
    wrong = sum(not option.right for option in chosen)
    missing = sum(option.right for option in question.options) - (len(chosen) - wrong)
    if not wrong and not missing:
        return Verdict(True, "Right.", tuple(chosen), question.explanation)
    told = [f"{wrong} of your {len(chosen)} choices {'is' if wrong == 1 else 'are'} wrong"] if wrong else []
    if wrong == len(chosen):
        told = ["your choice is wrong" if wrong == 1 else f"all {wrong} of your choices are wrong"]
    if missing:
        told.append(f"{missing} right {'answer is' if missing == 1 else 'answers are'} missing")
    return Verdict(False, f"Not yet: {', and '.join(told)}.", tuple(chosen))


def _ordered(question: Question, chosen: list[Option]) -> Verdict:
    right = list(question.options)
    if len(chosen) != len(right):
        raise ValueError(f"'{question.name}' has {len(right)} entries, the answer {len(chosen)}; put all in order")
    if chosen == right:
        return Verdict(True, "Right.", tuple(chosen), question.explanation)
    good = next(place for place, (given, wanted) in enumerate(zip(chosen, right, strict=True)) if given != wanted)
    if good == 0:
        return Verdict(False, "Not yet: another entry comes first.", tuple(chosen))
    start = "the first entry is" if good == 1 else f"the first {good} entries are"
    return Verdict(False, f"Not yet: {start} right, then another one follows.", tuple(chosen))


def _typed(question: Question, answer: str) -> Verdict:
    if not normalised(answer):
        return Verdict(False, "Type an answer first.")
    for option in question.options:
        if normalised(option.text) == normalised(answer):
            told = "Right." if option.right else "Not right."
            return Verdict(option.right, told, (option,), question.explanation if option.right else "")
    return Verdict(False, "Not right. Check the spelling, then think again.")


def as_data(question: Question) -> dict[str, Any]:
    """Return the question as JSON data: `{version, name, kind, question, explanation, options, answer}`.

    `options`, in the order to show, are `{id, text, right, feedback}`; `answer` holds the ids of the right ones, for
    `order` from first to last. For `text` the options are not shown: their `text` is what a typed answer is compared
    with, once it is brought into the same form (NFKC, lower case, runs of white space one space, none around).
    """
    typed = question.kind == "text"
    options = [{"id": option.id, "text": normalised(option.text) if typed else option.text, "right": option.right,
                "feedback": option.feedback} for option in (question.options if typed else shown(question))]
    return {"version": VERSION, "name": question.name, "kind": question.kind, "question": question.text,
            "explanation": question.explanation, "options": options,
            "answer": [option.id for option in question.options if option.right]}


def to_json(question: Question) -> str:
    """Return `as_data` as text: the same for the same question, on each Python."""
    return json.dumps(as_data(question), ensure_ascii=False)
