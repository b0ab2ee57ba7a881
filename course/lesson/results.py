"""How an exercise stands and how its checks went, in the words that the terminal uses: HTML and plain text."""

from collections.abc import Iterator
from html import escape

from course.check.exercise import Exercise
from course.check.progress import Seen
from course.check.results import FURTHER, OUTPUT_LINES, WORDS, CheckResult, Result
from course.lesson.output import Bundle, block, inline

# The word says it all; the line beside it only helps the eye, and shows on light and on dark.
_EDGES = {"pass": "#2da44e", "fail": "#d1242f", "error": "#d1242f", "skip": "#8c959f"}


def standing(seen: Seen, task: Exercise, outcome: Result | None = None) -> str:
    """Return in a sentence or two what was achieved; `outcome` is what the latest check said, if there was one."""
    tries = "1 try" if seen.attempts == 1 else f"{seen.attempts} tries"
    hints = f", {seen.hints} of {len(task.hints)} hints taken" if seen.hints else ""
    if seen.status == "passed":
        changed = " The exercise has changed since." if seen.hash not in ("", task.fingerprint) else ""
        when = "on" if outcome is None or outcome.passed else "before, on"
        return f"Passed {when} {seen.first_passed[:10]}.{changed}"
    if seen.status == "started":
        return f"Not passed yet; {tries}{hints}."
    return "Not begun yet."


def checked(outcome: Result) -> Bundle:
    """Return how the checks went; beneath the first problem what was tried, expected and came."""
    return {"text/html": f'<div role="status">{"".join(_html(outcome))}</div>',
            "text/plain": "\n".join(_plain(outcome))}


def _html(outcome: Result) -> Iterator[str]:
    if outcome.status == "error":
        yield _line("fail", f"<strong>{inline(outcome.message)}</strong>{''.join(_printed_html(outcome.output))}")
        return
    for check in outcome.checks:
        problem = "".join(_problem_html(check)) if check is outcome.first_problem else _further_html(check)
        yield _line(check.status, f"<strong>{WORDS[check.status]}</strong>&ensp;{inline(check.title)}{problem}")
    yield f'<p style="margin: 0.6em 0"><strong>{escape(outcome.summary)}</strong></p>'


def _line(status: str, content: str) -> str:
    style = f"border-left: 4px solid {_EDGES[status]}; padding: 0.1em 0.7em; margin: 0.2em 0"
    return f'<div style="{style}">{content}</div>'


def _further_html(check: CheckResult) -> str:
    return f'<p style="margin: 0.2em 0">{FURTHER}</p>' if check.status in ("fail", "error") else ""


def _problem_html(check: CheckResult) -> Iterator[str]:
    yield ('<p style="margin: 0.2em 0; white-space: pre-wrap; overflow-wrap: anywhere">'
           f"{inline(check.message)}</p>")
    rows = [(word, value) for word, value in (("expected", check.expected), ("got", check.actual)) if value is not None]
    if rows:
        cell = "border: 0; padding: 0 1em 0 0; text-align: left; vertical-align: top; white-space: normal"
        yield '<table style="margin: 0.2em 0; border: 0">' + "".join(
            f'<tr style="background: transparent"><th scope="row" style="{cell}">{word}</th>'
            f'<td style="{cell}">{block(value)}</td></tr>' for word, value in rows) + "</table>"
    yield from _printed_html(check.output)
    if check.hint:
        yield f'<p style="margin: 0.2em 0">Hint {check.hint} helps here.</p>'


def _printed_html(text: str) -> Iterator[str]:
    heading, lines = _printed(text)
    if lines:
        yield f'<p style="margin: 0.2em 0">{escape(heading)}</p>{block(lines)}'


def _plain(outcome: Result) -> Iterator[str]:
    if outcome.status == "error":
        yield outcome.message
        yield from _printed_plain(outcome.output)
        return
    for check in outcome.checks:
        yield f"{WORDS[check.status]:7}  {check.title}"
        if check is outcome.first_problem:
            yield from (f"         {line}" for part in _problem_plain(check) for line in part.splitlines())
        elif check.status in ("fail", "error"):
            yield f"         {FURTHER}"
    yield f"\n{outcome.summary}"


def _problem_plain(check: CheckResult) -> Iterator[str]:
    yield check.message
    for word, value in (("expected", check.expected), ("got     ", check.actual)):
        if value is not None:
            yield f"{word}  {value}"
    yield from _printed_plain(check.output)
    if check.hint:
        yield f"Hint {check.hint} helps here."


def _printed_plain(text: str) -> Iterator[str]:
    heading, lines = _printed(text)
    if lines:
        yield heading
        yield from (f"  {line}" for line in lines.splitlines())


def _printed(text: str) -> tuple[str, str]:
    """Return a heading and the end of what was printed; empty text when nothing was."""
    lines = text.rstrip().splitlines()
    left_out = len(lines) - OUTPUT_LINES
    heading = "your code printed" + (f" ({left_out} lines before these)" if left_out > 0 else "") + ":"
    return heading, "\n".join(lines[-OUTPUT_LINES:])
