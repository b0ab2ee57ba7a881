"""The starter, cut from the solution: what stands between two marks is what the learner writes.

    # >>> return the sum of both
    return first + second
    # <<<

leaves `# TODO: return the sum of both`, and `...` in Python so that the function has a body. SQL has `-- >>>`.
Where something broken is to be repaired, lines `#| return first - second` beneath the first mark are what the learner
gets in place of `...`.
"""

import re
from dataclasses import dataclass

MARK = re.compile(r"^(?P<indent>[ \t]*)(?P<comment>#|--) (?P<sign>>>>|<<<)(?P<words>.*)$")

GIVEN = re.compile(r"^(?P<indent>[ \t]*)(?:#|--)\|(?: (?P<code>.*))?$")  # code of the starter, hidden in the solution


class CutError(ValueError):
    """The marks do not fit; the message names the file and the line."""


@dataclass(frozen=True)
class Cut:
    """`starter` is what the learner gets; `solution` is the whole without the marks."""

    starter: str
    solution: str


def cut(text: str, name: str) -> Cut:
    """Cut a marked solution; `name` is the file's, for messages and for its kind. Raises CutError."""
    starter: list[str] = []
    solution: list[str] = []
    opened = 0
    for number, line in enumerate(text.splitlines(), 1):
        if mark := MARK.match(line):
            _refuse(mark, opened, f"{name}:{number}")
            opened = 0 if opened else number
            starter += _todo(mark, name) if opened else []
        elif opened and (given := GIVEN.match(line)):
            starter = starter[:-1] if starter[-1].strip() == "..." else starter
            starter.append(f"{given['indent']}{given['code'] or ''}".rstrip())
        else:
            solution.append(line)
            starter += [] if opened else [line]
    if opened:
        raise CutError(f"{name}:{opened}: `>>>` is never closed: add a line with `<<<` after what the learner writes")
    if starter == solution:
        raise CutError(f"{name}:1: nothing is cut out: put `>>> what to write` and `<<<` around the learner's part")
    return Cut("\n".join(starter) + "\n", "\n".join(solution) + "\n")


def _refuse(mark: re.Match[str], opened: int, where: str) -> None:
    if mark["sign"] == "<<<" and not opened:
        raise CutError(f"{where}: `<<<` closes nothing: put `>>> what to write` before what the learner writes")
    if mark["sign"] == ">>>" and opened:
        raise CutError(f"{where}: `>>>` stands inside the part of line {opened}: close that with `<<<` first")
    if mark["sign"] == ">>>" and not mark["words"].strip():
        raise CutError(f"{where}: `>>>` says nothing: write after it what the learner is to write")


def _todo(mark: re.Match[str], name: str) -> list[str]:
    todo = [f"{mark['indent']}{mark['comment']} TODO: {mark['words'].strip()}"]
    return [*todo, f"{mark['indent']}..."] if name.endswith(".py") else todo
