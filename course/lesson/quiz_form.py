"""The controls of a question, by its kind. Options are rendered Markdown, code included, beside a native control."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import ipywidgets

from course.lesson import jupyter, output, quiz_answers
from course.lesson.quiz_answers import Answer
from course.lesson.quiz_cell import Asked

WIDE = {"flex": "1 1 auto", "min_width": "0", "width": "auto"}  # takes the place that the control leaves


class QuizForm:
    """A question's controls, a button and what is said of the answer. `widget` is all of it."""

    def __init__(self, asked: Asked, answer: Answer, told: str) -> None:
        self.asked = asked
        self.controls = _CONTROLS[asked.question.kind](asked, answer, self.judge)
        self.check = ipywidgets.Button(description="Check", button_style="primary", layout={"width": "auto"},
                                       tooltip="Check your answer")
        self.check.on_click(self.judge)
        self.verdict = ipywidgets.Output()
        self._tell(told)
        legend = ipywidgets.HTML(quiz_answers.LEGENDS[asked.question.kind])
        self.widget = ipywidgets.VBox([legend, self.controls.widget, ipywidgets.HBox([self.check]), self.verdict])

    def judge(self, _: Any = None) -> None:
        """Say whether the answer is right, and why."""
        self._tell(self.asked.judge(self.controls.answer()))

    def _tell(self, told: str) -> None:
        jupyter.fill(self.verdict, [output.markdown(told)] if told else [])


class Choices:
    """One option or several: a radio button or a check box with a letter, and beside it what the option says."""

    def __init__(self, asked: Asked, answer: Answer, _judge: Any) -> None:
        question, self.several = asked.question, asked.question.kind == "multi"
        self.named = quiz_answers.letters(question)
        make = _check_box if self.several else _radio_button
        self.controls = {one: make(letter, one in answer) for one, letter in self.named.items()}
        if not self.several:
            for one, control in self.controls.items():
                control.observe(partial(self._chosen, one), "index")
        self.widget = ipywidgets.VBox([_row([control], quiz_answers.option_text(question, position))
                                       for position, control in enumerate(self.controls.values())])

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

    def __init__(self, asked: Asked, answer: Answer, _judge: Any) -> None:
        named = quiz_answers.letters(asked.question)
        self.texts = {one: quiz_answers.option_text(asked.question, position) for position, one in enumerate(named)}
        self.ids = list(answer) or list(named)
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
            ipywidgets.HBox([*buttons.values(), area], layout={"align_items": "center"})
            for buttons, area in zip(self.moves, self.areas, strict=True)])
        self._draw()

    def answer(self) -> Answer:
        """Return the ids from first to last."""
        return self.ids

    def _move(self, place: int, by: int, _button: Any) -> None:
        there = place + by
        self.ids[place], self.ids[there] = self.ids[there], self.ids[place]
        self._draw()
        follow = self.moves[there]  # the focus stays with the entry
        (follow[-by] if follow[by].disabled else follow[by]).focus()

    def _draw(self) -> None:
        for place, (one, area) in enumerate(zip(self.ids, self.areas, strict=True), 1):
            jupyter.fill(area, [output.markdown(f"{place}\\. {self.texts[one]}")])


class Line:
    """A line to type into; Enter checks it."""

    def __init__(self, _asked: Asked, answer: Answer, judge: Any) -> None:
        typed = answer if isinstance(answer, str) else ""
        self.widget = ipywidgets.Text(typed, description="Your answer", style={"description_width": "initial"},
                                      layout={"width": "auto", "max_width": "30em"})
        self.widget.on_msg(lambda _widget, content, _buffers: judge() if content.get("event") == "submit" else None)

    def answer(self) -> Answer:
        """Return what was typed."""
        return str(self.widget.value)


def _radio_button(letter: str, chosen: bool) -> Any:
    return ipywidgets.RadioButtons(options=[letter], value=letter if chosen else None,
                                   layout={"width": "auto", "flex": "0 0 auto"})


def _check_box(letter: str, chosen: bool) -> Any:
    return ipywidgets.Checkbox(chosen, description=letter, indent=False, layout={"width": "auto", "flex": "0 0 auto"})


def _row(controls: Sequence[Any], markdown: str) -> Any:
    area = ipywidgets.Output(layout=WIDE)
    jupyter.fill(area, [output.markdown(markdown)])
    return ipywidgets.HBox([*controls, area])


_CONTROLS: dict[str, Any] = {"choice": Choices, "predict": Choices, "multi": Choices, "order": Order, "text": Line}
