"""An exercise in a notebook: its statement, a link to the file, and buttons that do what the terminal's commands do."""

import os
import time
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from course.check import work
from course.check.exercise import Exercise
from course.lesson import desk, faults, find, jupyter, output
from course.lesson.desk import Action, Shown
from course.lesson.output import Bundle

WORDS: tuple[tuple[Action, str], ...] = (
    ("check", "Check"), ("hint", "Hint"), ("solution", "Solution"), ("reset", "Reset"), ("undo", "Undo"))
CHECKING = "Checking ..."
DOUBLE_CLICK = 0.6  # seconds: two presses closer together are no second decision


def show(address: str) -> None:
    """Show the exercise in the output of the cell that runs; what goes wrong is told there in a sentence."""
    try:
        root = find.course()
        task = find.exercise(root, address)
        jupyter.show(output.markdown(statement(root, task)))
    except faults.FAULTS as error:
        jupyter.show(output.note(faults.sentence(error)))
        return
    shown = _first(root, task)
    if not jupyter.live():
        jupyter.show(_instead(task, _rechecked(root, task, shown)))
        return
    cell = ExerciseCell(root, task, shown)
    cell.show()
    cell.recheck()


def statement(root: Path, task: Exercise) -> str:
    """Return what is asked, and where the answer is written, as Markdown."""
    points = "1 point" if task.points == 1 else f"{task.points} points"
    path = work.answer_path(root, task)
    name = path.relative_to(root).as_posix()
    try:
        link = f"[{name}]({quote(Path(os.path.relpath(path, find.notebook_folder(root))).as_posix())})"
    except ValueError:  # another drive of Windows
        link = f"`{name}`"
    asked = task.statement.strip().replace("```python\n>>> ", "```pycon\n>>> ")  # what is printed is no Python
    return (f"### {task.title}\n\n{task.minutes} minutes, {points}\n\n{asked}\n\n"
            f"**Your file:** {link}. Open it, write your answer, save it, then check.")


def _first(root: Path, task: Exercise) -> Shown:
    try:
        return desk.opened(root, task)
    except faults.FAULTS as error:
        return Shown(notice=faults.sentence(error))


def _rechecked(root: Path, task: Exercise, shown: Shown) -> Shown:
    try:
        return desk.rechecked(root, task, shown)
    except faults.FAULTS as error:
        return replace(shown, notice=faults.sentence(error))


def _instead(task: Exercise, shown: Shown) -> Bundle:
    """Return what an editor shows that has no buttons."""
    pieces = list(desk.report(task, shown))
    how = ("To check it, run this cell again after saving, or in a terminal: ", f"course check {task.name}",
           "Hints: ", f"course hint {task.name}")
    return {"text/html": f"<p>{how[0]}<code>{escape(how[1])}</code>. {how[2]}<code>{escape(how[3])}</code>.</p>"
                         + output.joined(pieces, "text/html"),
            "text/plain": f"{how[0]}{how[1]}\n{how[2]}{how[3]}\n\n" + output.joined(pieces, "text/plain")}


class ExerciseCell:
    """The buttons, and what they show. `buttons` are by their action; `report` is the Output widget beneath them."""

    def __init__(self, root: Path, task: Exercise, shown: Shown) -> None:
        import ipywidgets
        self.root, self.task, self.shown = root, task, shown
        self.buttons: dict[Action, Any] = {action: ipywidgets.Button(layout={"width": "auto"}) for action, _ in WORDS}
        for action, button in self.buttons.items():
            button.on_click(partial(self._pressed, action))
        self.buttons["check"].button_style = "primary"
        self.asked = 0.0
        row = ipywidgets.HBox(list(self.buttons.values()), layout={"flex_flow": "row wrap"})
        self.report = ipywidgets.Output()
        self.place = jupyter.Place(ipywidgets.VBox([row, self.report]))

    def show(self) -> None:
        """Put it into the output of the cell that runs, or say there what has become of it."""
        self._draw()
        self.place.show(_instead(self.task, self.shown))

    def recheck(self) -> None:
        """Check a file that was edited before the cell was run."""
        if self.shown.untouched:
            return
        self._wait()
        self.shown = _rechecked(self.root, self.task, self.shown)
        self.show()

    def _pressed(self, action: Action, _button: Any) -> None:
        if self.shown.asks == action and time.monotonic() < self.asked + DOUBLE_CLICK:
            return
        if action == "check":
            self._wait()
        self.shown = desk.act(self.root, self.task.address, action, self.shown)
        self.asked = time.monotonic()
        # The text for other editors stays as it was: writing it anew would take the focus from the button.
        self._draw()
        self.buttons["check" if self.buttons[action].disabled else action].focus()

    def _draw(self) -> None:
        for action, word in WORDS:
            button = self.buttons[action]
            button.description, button.tooltip = self._label(action, word)
            button.disabled = action == "hint" and self.shown.hints == len(self.task.hints)
        self.buttons["undo"].layout.display = None if self.shown.seen.reset else "none"
        jupyter.fill(self.report, desk.report(self.task, self.shown))

    def _wait(self) -> None:
        """Say that the checks run, and let nothing be pressed meanwhile."""
        for button in self.buttons.values():
            button.disabled = True
        jupyter.fill(self.report, [output.note(CHECKING)])

    def _label(self, action: Action, word: str) -> tuple[str, str]:
        """Return a button's words and the longer ones that explain it."""
        asked = self.shown.asks == action
        taken, total = self.shown.seen.hints, len(self.task.hints)
        number = taken if self.shown.hints < taken else min(taken + 1, total)
        return {
            "check": (word, "Check the file as it was saved"),
            "hint": (f"{word} {number} of {total}", "Show the hints up to this one"),
            "solution": (f"{word}: show it" if asked else word, "Show a solution"),
            "reset": (f"{word}: begin anew" if asked else word, "Put your text aside and begin with the starter"),
            "undo": (f"{word} reset", "Bring your text back as it was before the reset"),
        }[action]
