"""The HTML of one question: a native form, and its answers folded beneath.

web/quiz/quiz.mjs reads from it: the radio buttons' and check boxes' values, `data-option` of the entries to order, and
in the answers `data-option`, `data-right`, `data-text`, `.option-text`, `.feedback` and `.explanation`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from docutils import nodes

from course.check import quiz
from course.check.quiz_model import Option, Question, normalised
from course.site import elements
from course.site.elements import make, text

Markdown = Callable[[str, int], list[nodes.Node]]  # Markdown and its line in the file -> nodes
LEGENDS = {"choice": "Choose one answer", "multi": "Choose every right answer", "order": "Put these in order",
           "predict": "What is the output?", "text": "Type your answer"}


@dataclass(frozen=True)
class Part:
    """An option as it is shown: words that may stand in a label, and the blocks that may not."""

    option: Option
    label: tuple[nodes.Node, ...]
    more: tuple[nodes.Node, ...]

    @property
    def nodes(self) -> list[nodes.Node]:
        """All of it, as a copy that may stand somewhere else."""
        return [nodes.paragraph("", "", *(node.deepcopy() for node in self.label)),
                *(node.deepcopy() for node in self.more)]

    @property
    def words(self) -> str:
        """Its text, for a control's name."""
        return " ".join(" ".join(node.astext() for node in (*self.label, *self.more)).split())


def parts(question: Question, name: str, markdown: Markdown) -> list[Part]:
    """Return the options in the order to show; those of `text`, which are not shown before, in the file's order."""
    options = question.options if question.kind == "text" else quiz.shown(question)
    return [_part(option, question.kind, number, markdown) for number, option in enumerate(options, 1)]


def _part(option: Option, kind: str, number: int, markdown: Markdown) -> Part:
    if kind in ("predict", "text"):  # plain text, of one line or several
        return Part(option, (make("code", {}, text(option.text), classes="option-output"),), ())
    found = markdown(option.text, option.line)
    if found and isinstance(found[0], nodes.paragraph):
        return Part(option, tuple(found[0].children), tuple(found[1:]))
    return Part(option, (text(f"Answer {number}:"),), tuple(found))


def form(question: Question, name: str, parts: list[Part], check: str) -> nodes.Node:
    """Return the form. It is never sent (`method="dialog"` outside a dialog does nothing); the page judges it."""
    controls = {"choice": _choices, "predict": _choices, "multi": _choices, "order": _entries, "text": _line}
    fieldset = make("fieldset", {"aria-describedby": f"{name}-question"},
                    make("legend", {}, text(LEGENDS[question.kind])), *controls[question.kind](question, name, parts))
    actions = make("div", {}, make("button", {"type": "submit"}, text(check), classes="quiz-button quiz-check"),
                   make("button", {"type": "button", "hidden": ""}, text("Try again"),
                        classes="quiz-button quiz-again"), classes="quiz-actions")
    verdict = make("div", {"role": "status"}, classes="quiz-verdict")
    return elements.hidden_from_search("form", {"method": "dialog", "autocomplete": "off"}, fieldset, actions, verdict)


def _choices(question: Question, name: str, parts: list[Part]) -> list[nodes.Node]:
    kind = "checkbox" if question.kind == "multi" else "radio"
    found = []
    for part in parts:
        own = f"{name}-{part.option.id}"
        named = {"aria-labelledby": f"{own}-label {own}-more"} if part.more else {}
        control = make("input", {"type": kind, "name": name, "value": part.option.id, **named}, ids=own)
        label = make("label", {"for": own}, nodes.inline("", "", *part.label), ids=f"{own}-label" if part.more else "")
        more = [make("div", {}, *part.more, classes="option-more", ids=f"{own}-more")] if part.more else []
        found.append(make("div", {}, control, label, *more, classes="quiz-option"))
    return list(found)


def _entries(question: Question, name: str, parts: list[Part]) -> list[nodes.Node]:
    """Return the entries with places to choose, and with buttons to move them once there is a script."""
    places = [make("option", {"value": str(place)}, text(str(place))) for place in range(1, len(parts) + 1)]
    found = []
    for part in parts:
        place = make("select", {"aria-label": f"Place of: {part.words}"}, make("option", {"value": ""}, text("-")),
                     *(one.deepcopy() for one in places), classes="quiz-place")
        moves = [make("button", {"type": "button", "data-move": move, "aria-label": f"{way}: {part.words}"}, text(way),
                      classes="quiz-button") for move, way in (("-1", "Up"), ("1", "Down"))]
        found.append(make("li", {"data-option": part.option.id}, make("div", {}, *part.nodes, classes="option-text"),
                          place, make("span", {}, *moves, classes="quiz-moves")))
    return [make("ol", {}, *found, classes="quiz-entries")]


def _line(question: Question, name: str, parts: list[Part]) -> list[nodes.Node]:
    return [make("input", {"type": "text", "aria-label": "Your answer", "autocapitalize": "off", "spellcheck": "false",
                           "maxlength": "200"})]


def answers(question: Question, parts: list[Part], markdown: Markdown) -> nodes.Node:
    """Return all answers with their feedback, folded: for who has no script, and who gives up."""
    if question.kind == "order":
        by_id = {part.option.id: part for part in parts}
        parts = [by_id[option.id] for option in question.options]
    items = [_answer(question, part, markdown) for part in parts]
    more = [make("div", {}, *markdown(question.explanation, question.line), classes="explanation")]
    return elements.hidden_from_search(
        "details", {}, make("summary", {}, text("Show the answers")),
        make("ol" if question.kind == "order" else "ul", {}, *items), *(more if question.explanation else []),
        classes="quiz-answers")


def _answer(question: Question, part: Part, markdown: Markdown) -> nodes.Node:
    option = part.option
    data = {"data-option": option.id}
    if option.right:
        data["data-right"] = ""
    if question.kind == "text":
        data["data-text"] = normalised(option.text)
    sign, word = ("\N{CHECK MARK}", "Right") if option.right else ("\N{MULTIPLICATION SIGN}", "Not right")
    mark = make("p", {}, make("span", {"aria-hidden": "true"}, text(sign)), text(f" {word}"), classes="mark")
    feedback = [make("div", {}, *markdown(option.feedback, option.line), classes="feedback")] if option.feedback else []
    return make("li", data, *([] if question.kind == "order" else [mark]),
                make("div", {}, *part.nodes, classes="option-text"), *feedback)
