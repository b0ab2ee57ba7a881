"""Read a lesson's questions from `quiz.md`, and refuse what would leave a learner without an answer.

A question is a heading `## gil_waiting {choice}`, Markdown, and a list of options with the feedback for each in a
quote beneath. The five kinds: `choice` (one is right), `multi` (one or more), `order` (a numbered list in the right
order), `predict` (what does the code print: the list holds the wrong answers only), `text` (a short typed answer).
"""

import re
from pathlib import PurePath

from course.check import quiz_parts as parts
from course.check import quiz_rules as rules
from course.check.quiz_model import KINDS, SNAKE_CASE, Fault, Kind, Option, Question, Quiz, QuizError
from course.check.quiz_parts import Item, Line, StrayLine
from course.check.quiz_verdict import Verdict, as_data, shown, to_json, verdict

__all__ = ["KINDS", "Fault", "Kind", "Option", "Question", "Quiz", "QuizError", "Verdict", "as_data", "parse", "shown",
           "to_json", "verdict"]

_TITLE = re.compile(r"## (\S+) \{(\w+)\}\s*")
_BOX = re.compile(r"- \[([ xX])\](?: +|$)")
_NEARLY_BOX = re.compile(r"\s*[-*+] ?\[[ xX]?\](?!\()")
_MARKS: dict[Kind, re.Pattern[str]] = {
    "choice": _BOX, "multi": _BOX, "text": _BOX, "order": re.compile(r"\d+\. +"), "predict": re.compile(r"- +")}


def parse(text: str, path: PurePath | str) -> Quiz:
    """Read the text of a quiz file; `path` is named in messages.

    The right answers of `predict` questions are not known yet: `predict_answer.answered` computes them. Raises
    QuizError, which carries every fault with its line.
    """
    path = PurePath(path)
    try:
        head, *sections = parts.sections(parts.lines_of(text))
    except StrayLine as stray:
        raise QuizError([Fault(path, stray.number, str(stray))]) from None
    title, intro, found = _head(head)
    if not sections:
        found.append((1, "there is no question; begin one with a line like `## gil_waiting {choice}`"))
    questions: list[Question] = []
    for section in sections:
        question, wrong = _question(section)
        found += wrong
        questions += [question] if question else []
    found += rules.same_names(questions)
    if found:
        raise QuizError([Fault(path, line, message) for line, message in found])
    return Quiz(path, title, intro, tuple(questions))


def _head(lines: list[Line]) -> tuple[str, str, rules.Found]:
    """Return the file's title, the line that introduces it, and what is wrong with them."""
    rest = [line for line in lines if not line.blank]
    title = rest.pop(0).text[2:].strip() if rest and rest[0].text.startswith("# ") else ""
    intro = rest.pop(0).text.strip() if rest and not parts.HEADING.match(rest[0].text) else ""
    advice = "keep a title and one line, and put the rest into a question (`## gil_waiting {choice}`)"
    wrong = [(line.number, f"'{parts.shortened(line.text)}' stands before the first question; {advice}")
             for line in rest[:1]]
    return title, intro, wrong


def _question(section: list[Line]) -> tuple[Question | None, rules.Found]:
    """Read one section: the question, or what is wrong with it."""
    heading, *lines = section
    title = _TITLE.fullmatch(heading.text)
    if not title:
        return None, [(heading.number, f"'{parts.shortened(heading.text)}' is no heading of a question; write a name "
                                       "in snake_case and the kind, like `## gil_waiting {choice}`")]
    wrong: rules.Found = []
    if not SNAKE_CASE.fullmatch(title[1]):
        wrong.append((heading.number, f"the name '{title[1]}' is not snake_case; use small letters, digits and _"))
    kind = next((known for known in KINDS if known == title[2]), None)
    if kind is None:
        known = ", ".join(KINDS)
        return None, [*wrong, (heading.number, f"the kind '{title[2]}' is unknown; write one of {known}")]
    try:
        _refuse_lines(lines, kind)
        question = _read(title[1], kind, heading.number, lines)
    except StrayLine as stray:
        return None, [*wrong, (stray.number, str(stray))]
    return question, wrong + rules.faults(question)


def _refuse_lines(lines: list[Line], kind: Kind) -> None:
    for line in lines:
        if not line.code and parts.HEADING.match(line.text):
            raise StrayLine(line.number, "a heading inside a question; make the words bold, or begin a new question "
                                         "with `## a_name {kind}`")
        box = not line.code and _NEARLY_BOX.match(line.text)
        if box and kind in ("order", "predict"):
            because = "what the code prints is right" if kind == "predict" else "the numbered list is the right order"
            mark = "- " if kind == "predict" else "1. "
            raise StrayLine(line.number, f"a box in {{{kind}}}, where {because}; begin the line with `{mark}`")
        if box and not _BOX.match(line.text):
            raise StrayLine(line.number, f"'{parts.shortened(line.text)}' is nearly an option; begin it at the left "
                                         "margin with `- [x] ` or `- [ ] `")


def _read(name: str, kind: Kind, number: int, lines: list[Line]) -> Question:
    """Cut the lines under a heading into statement, options and explanation. Raises StrayLine."""
    start = next((place for place, line in enumerate(lines) if _begins(line, kind, lines[:place])), len(lines))
    items, quote = parts.items_and_quote(lines[start:], _MARKS[kind])
    program = (parts.first_block(lines[:start], "python") or "") if kind == "predict" else ""
    options = tuple(_option(item, kind) for item in items)
    return Question(name, kind, parts.joined(lines[:start]), options, parts.unquoted(quote), program, number)


def _begins(line: Line, kind: Kind, before: list[Line]) -> bool:
    """Say whether the list of options begins here: that of `predict` comes after the program."""
    if not _MARKS[kind].match(line.text) or (line.code and not line.opens):
        return False
    return kind != "predict" or parts.first_block(before, "python") is not None


def _option(item: Item, kind: Kind) -> Option:
    text, feedback = parts.body_and_quote(item)
    number = item.lines[0].number
    if kind == "predict":
        output = parts.plain(text)
        if output is None:
            raise StrayLine(number, f"'{parts.shortened(text)}' is no output; write it as a code span in backticks, "
                                    "or as a fenced block when it has several lines")
        text = rules.output(output)
    elif kind == "text":
        text = parts.plain(text) or text
    return Option(text, kind == "order" or item.mark[3:4] in ("x", "X"), feedback, number)
