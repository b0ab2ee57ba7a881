"""What a quiz is: questions with options, and the faults that a quiz file can have."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

Kind = Literal["choice", "multi", "order", "predict", "text"]
KINDS: tuple[Kind, ...] = ("choice", "multi", "order", "predict", "text")
SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@dataclass(frozen=True)
class Option:
    """One thing to choose, to put in order, or to type.

    `text` is Markdown for `choice`, `multi` and `order`, and plain text for `predict` (an output) and `text` (an
    answer). `feedback` is Markdown; `line` is where the file says it (1, 2, ...).
    """

    text: str
    right: bool
    feedback: str
    line: int = 0

    @property
    def id(self) -> str:
        """The option's identity: made from what it says, so that it outlives a change of order in the file."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()[:12]


@dataclass(frozen=True)
class Question:
    """One question: `text` and `explanation` are Markdown, `options` stand in the file's order.

    For `order` that is the right order. For `predict`, `program` is the code that is shown in `text`, and the right
    option is missing until `predict_answer.answered` adds it.
    """

    name: str
    kind: Kind
    text: str
    options: tuple[Option, ...]
    explanation: str = ""
    program: str = ""
    line: int = 0


@dataclass(frozen=True)
class Quiz:
    """All questions of one file, in its order."""

    path: PurePath
    title: str
    intro: str
    questions: tuple[Question, ...]

    def question(self, name: str) -> Question:
        """Return the question called `name`. Raises LookupError that lists those there are."""
        for question in self.questions:
            if question.name == name:
                return question
        names = ", ".join(question.name for question in self.questions)
        raise LookupError(f"{self.path.as_posix()}: no question is called '{name}'; there are: {names}")


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a quiz file: where, what, and after the semicolon what to do."""

    path: PurePath
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path.as_posix()}:{self.line}: {self.message}"


class QuizError(ValueError):
    """A quiz file that cannot be used; `faults` names everything that is wrong with it, in the file's order."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__("\n".join(map(str, self.faults)))


QUOTES = "'\"`\u2018\u2019\u201c\u201d"  # a keyword is often typed as it stands in a text


def normalised(answer: str) -> str:
    """Return a typed answer as it is compared: NFKC, lower case, one space between words, no quotes or blanks around.

    Lower case and not casefold, because the page's JavaScript must come to the same: it has `normalize("NFKC")` and
    `toLowerCase()`, but no casefold.
    """
    return " ".join(unicodedata.normalize("NFKC", answer).lower().split()).strip(QUOTES).strip(" ")
