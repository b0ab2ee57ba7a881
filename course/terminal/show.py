"""What the terminal shows, as text that rich renders: words carry the meaning, colour only helps."""

from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from course.check.exercise import Exercise
from course.check.progress import Seen
from course.check.results import FURTHER, OUTPUT_LINES, WORDS, CheckResult, Result

STYLES = {"pass": "green", "fail": "bold red", "error": "bold red", "skip": "dim"}


def console(stderr: bool = False) -> Console:
    """Return where to print: rich leaves out colour where there is no terminal, or NO_COLOR is set."""
    return Console(stderr=stderr, highlight=False, emoji=False)


def statement(exercise: Exercise, where: str) -> RenderableType:
    """Show what is asked; `where` is the file to edit."""
    points = "1 point" if exercise.points == 1 else f"{exercise.points} points"
    return Group(Text(f"{exercise.title}", "bold"),
                 Text(f"{exercise.address}, {exercise.minutes} minutes, {points}", "dim"), Text(),
                 Markdown(exercise.statement), Text(), Text.assemble("Edit ", (where, "bold cyan")))


def result(outcome: Result, exercise: Exercise, watching: bool = False) -> RenderableType:
    """Show how the checks went: a line each, and beneath the first problem what was tried, expected and came."""
    if outcome.status == "error":
        return Group(Text(outcome.message, "bold red"), *_output(outcome.output))
    lines = Table.grid(padding=(0, 2, 0, 0))
    for check in outcome.checks:
        more = _problem(check, exercise, watching, first=check is outcome.first_problem)
        lines.add_row(Text(f"{WORDS[check.status]:7}", STYLES[check.status]), Group(Text(check.title), *more))
    return Group(lines, Text(), Text(outcome.summary, "bold green" if outcome.passed else "bold"))


def _problem(check: CheckResult, exercise: Exercise, watching: bool, *, first: bool) -> Iterator[RenderableType]:
    if not first:
        if check.status in ("fail", "error"):
            yield Text(FURTHER, "dim")
        return
    yield Text(check.message)
    for word, value in (("expected", check.expected), ("got     ", check.actual)):
        if value is not None:
            yield Text.assemble((f"{word}  ", "dim"), value)
    yield from _output(check.output)
    if check.hint:
        how = f"type {check.hint}, then Enter" if watching else f"course hint {exercise.name} --number {check.hint}"
        yield Text(f"Hint {check.hint} helps here: {how}", "dim")


def _output(text: str) -> Iterator[RenderableType]:
    """Show what was printed, its end when it is long."""
    lines = text.rstrip().splitlines()
    if lines:
        yield Text("your code printed" + (" (this is the end of it)" if len(lines) > OUTPUT_LINES else "") + ":", "dim")
        yield Padding(Text("\n".join(lines[-OUTPUT_LINES:])), (0, 0, 0, 2))


def overview(exercises: Sequence[Exercise], seen: Sequence[Seen]) -> RenderableType:
    """Show a table of exercises with what was achieved, and the sum."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("", "exercise", "minutes", "title"):
        table.add_column(name, justify="right" if name == "minutes" else "left", no_wrap=name != "title")
    for exercise, state in zip(exercises, seen, strict=True):
        changed = state.status == "passed" and state.hash not in ("", exercise.fingerprint)
        word, style = {"passed": ("passed", "green"), "started": ("begun", "yellow")}.get(state.status, ("", ""))
        table.add_row(Text(word, style), exercise.address, str(exercise.minutes),
                      exercise.title + (" (has changed since)" if changed else ""))
    passed = sum(state.status == "passed" for state in seen)
    return Group(table, Text(), Text(f"{passed} of {len(exercises)} passed.", "bold"))


def code(text: str, exercise: Exercise) -> RenderableType:
    """Show code in the exercise's language."""
    return Syntax(text.rstrip(), exercise.language, theme="ansi_dark", background_color="default", word_wrap=True)


def hint(number: int, text: str, exercise: Exercise) -> RenderableType:
    """Show a hint and how many there are."""
    last = number == len(exercise.hints)
    more = [Text(f"This is the last one. `course solution {exercise.name}` shows the solution.", "dim")] if last else []
    return Group(Text(f"Hint {number} of {len(exercise.hints)}", "bold"), Markdown(text), *more)
