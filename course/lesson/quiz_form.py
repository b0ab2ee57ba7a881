"""The controls of a question, by its kind. Options are rendered Markdown, code included, beside a native control."""

from functools import partial
from typing import Any

import ipywidgets

from course.lesson import jupyter, output, quiz_answers
from course.lesson.output import Bundle
from course.lesson.quiz_answers import Answer
from course.lesson.quiz_cell import Asked

WIDE = {"flex": "1 1 0", "min_width": "0", "width": "auto", "margin": "0 0 0 8px"}  # the place that the control leaves
NARROW = {"flex": "0 0 auto", "width": "auto"}
IN_LINE = {"align_items": "baseline"}


class QuizForm:
    """A question's controls, a button and what is said of the answer. `widget` is all of it."""

    def __init__(self, asked: Asked, answer: Answer, told: list[Bundle]) -> None:
        self.asked = asked
        self.controls = _CONTROLS[asked.question.kind](asked, answer, self)
        self.check = ipywidgets.Button(description="Check", button_style="primary", layout={"width": "auto"},
                                       tooltip="Check your answer")
        self.check.on_click(self.judge)
        self.verdict = ipywidgets.Output()
        jupyter.fill(self.verdict, told)
        legend = ipywidgets.HTML(quiz_answers.LEGENDS[asked.question.kind])
        self.widget = ipywidgets.VBox([legend, self.controls.widget, ipywidgets.HBox([self.check]), self.verdict])

    def changed(self, _: Any = None) -> None:
        """Take back what was said of another answer."""
        jupyter.fill(self.verdict, [])

    def judge(self, _: Any = None) -> None:
        """Say whether the answer is right, and why."""
        jupyter.fill(self.verdict, self.asked.judge(self.controls.answer()))


class Choices:
    """One option or several: a radio button or a check box with a letter, and beside it what the option says."""

    def __init__(self, asked: Asked, answer: Answer, form: QuizForm) -> None:
        question, self.several = asked.question, asked.question.kind == "multi"
        make = _check_box if self.several else _radio_button
        options = quiz_answers.options(question)
        self.controls = {one: make(letter, one in answer, options[one]["text/plain"])
                         for one, letter in quiz_answers.letters(question).items()}
        if not self.several:
            for one, control in self.controls.items():
                control.observe(partial(self._chosen, one), "index")
        for control in self.controls.values():
            control.observe(form.changed, "value")
        self.widget = ipywidgets.VBox([_row(control, options[one]) for one, control in self.controls.items()])

    def answer(self) -> Answer:
        """Return the ids of what is chosen."""
        return [one for one, control in self.controls.items()
                if (control.value if self.several else control.index is not None)]

    def _chosen(self, chosen: str, change: Any) -> None:
        """Take the choice from the others: each row is a group of one to the browser."""
        if change.new is not None:
            for one, control in self.controls.items():
                if one != chosen:
                    control.index = None


class Order:
    """Entries with buttons that move them up and down."""

    def __init__(self, asked: Asked, answer: Answer, form: QuizForm) -> None:
        self.form = form
        self.texts = {one: option["text/markdown"] for one, option in quiz_answers.options(asked.question).items()}
        self.ids = list(answer) or list(self.texts)
        self.areas = [ipywidgets.Output(layout=WIDE) for _ in self.ids]
        self.moves: list[dict[int, Any]] = []
        for place in range(len(self.ids)):
            buttons = {by: ipywidgets.Button(description=word, tooltip=f"Move it {word.lower()}",
                                             layout={"width": "auto"}) for by, word in ((-1, "Up"), (1, "Down"))}
            for by, button in buttons.items():
                button.on_click(partial(self._move, place, by))
            self.moves.append(buttons)
        self.moves[0][-1].disabled = self.moves[-1][1].disabled = True
        self.widget = ipywidgets.VBox([
            ipywidgets.HBox([*buttons.values(), area], layout=IN_LINE)
            for buttons, area in zip(self.moves, self.areas, strict=True)])
        self._draw()

    def answer(self) -> Answer:
        """Return the ids from first to last."""
        return self.ids

    def _move(self, place: int, by: int, _button: Any) -> None:
        there = place + by
        self.ids[place], self.ids[there] = self.ids[there], self.ids[place]
        self._draw()
        self.form.changed()
        follow = self.moves[there]  # the focus stays with the entry
        (follow[-by] if follow[by].disabled else follow[by]).focus()

    def _draw(self) -> None:
        for place, (one, area) in enumerate(zip(self.ids, self.areas, strict=True), 1):
            jupyter.fill(area, [output.markdown(f"{place}\\. {self.texts[one]}")])


class Line:
    """A line to type into; Enter checks it."""

    def __init__(self, _asked: Asked, answer: Answer, form: QuizForm) -> None:
        typed = answer if isinstance(answer, str) else ""
        self.widget = ipywidgets.Text(typed, description="Your answer", style={"description_width": "initial"},
                                      layout={"width": "auto", "max_width": "30em"})
        self.widget.on_msg(lambda _, content, __: form.judge() if content.get("event") == "submit" else None)

    def answer(self) -> Answer:
        """Return what was typed."""
        return str(self.widget.value)


def _radio_button(letter: str, chosen: bool, text: str) -> Any:
    return ipywidgets.RadioButtons(options=[letter], value=letter if chosen else None, tooltip=text, layout=NARROW)


def _check_box(letter: str, chosen: bool, text: str) -> Any:
    return ipywidgets.Checkbox(chosen, description=letter, tooltip=text, indent=False, layout=NARROW)


def _row(control: Any, option: Bundle) -> Any:
    area = ipywidgets.Output(layout=WIDE)
    jupyter.fill(area, [option])
    return ipywidgets.HBox([control, area], layout=IN_LINE)


_CONTROLS: dict[str, Any] = {"choice": Choices, "predict": Choices, "multi": Choices, "order": Order, "text": Line}
