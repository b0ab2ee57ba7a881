"""The remarks are compared with the places of the planted defects; what was missed is said by its kind of harm."""

from typing import Any

import yaml

from course.check import Failure, TextAnswer, check, expect, require

# Where each defect may be put: any line that has a part in it.
DEFECTS = {
    "locks": {3}, "breaks_old": {4, 5}, "leak": {18, 19}, "injection": {33, 34}, "swallowed": {35, 36, 37},
    "off_by_one": {24, 25}, "race": {20, 21, 24, 26, 28, 29, 30, 31}, "empty_test": {49, 51, 52},
    "permission": {16, 20, 21, 22, 29, 30, 31, 39, 40, 41, 42},
}
KINDS = {*DEFECTS, "slow", "time", "nitpick"}
LINES = 52
SPARE = 2  # remarks that may be wrong

Remark = tuple[int, str]


def remarks(answer: TextAnswer) -> list[Remark]:
    """Read the review. Raises Failure where it is not the form that is asked for."""
    try:
        found: Any = yaml.safe_load(answer.text)
    except yaml.YAMLError as error:
        raise Failure(f"This is no YAML: {error}", hint=1) from None
    require(isinstance(found, list) and bool(found),
            "Write a list of remarks, such as `- {line: 2, kind: nitpick}`.", hint=1)
    for one in found:
        require(isinstance(one, dict) and set(one) == {"line", "kind"},
                f"A remark has a `line` and a `kind`, and this one is {one!r:.100}", hint=1)
        require(type(one["line"]) is int and 1 <= one["line"] <= LINES,
                f"The diff has the lines 1 to {LINES}, and a remark is at {one['line']!r:.50}", hint=1)
        require(one["kind"] in KINDS, f"There is no kind {one['kind']!r:.50}; the table has them", hint=1)
    return [(one["line"], one["kind"]) for one in found]


def right(remark: Remark) -> bool:
    """Say whether a remark names a planted defect."""
    line, kind = remark
    return line in DEFECTS.get(kind, set())


def found(answer: TextAnswer, *kinds: str) -> list[str]:
    """Which of these defects are named at one of their lines."""
    named = {kind for line, kind in remarks(answer) if right((line, kind))}
    return [kind for kind in kinds if kind in named]


def requires(answer: TextAnswer, story: str, *kinds: str, hint: int) -> None:
    """Require that all of these are found; say how many are missing, and not which."""
    expect(f"{len(found(answer, *kinds))} found", f"{len(kinds)} found", story, hint=hint)


@check("the review can be read, and the author can trust it")
def can_be_trusted(answer: TextAnswer) -> None:
    """Two false alarms are borne; so is a defect that is named twice."""
    wrong = [remark for remark in remarks(answer) if not right(remark)]
    require(len(wrong) <= SPARE,
            f"{len(wrong)} remarks name no defect of that kind at that line, and {SPARE} are borne. "
            "Strike out what you cannot prove: for each remark, what input makes it go wrong?", hint=1)


@check("who can do what they must not", needs=can_be_trusted, points=3)
def finds_holes(answer: TextAnswer) -> None:
    """Three defects of security."""
    requires(answer, "Three defects let somebody read or do what they must not; with their kind and line", "leak",
             "permission", "injection", hint=2)


@check("what the release does to all who work meanwhile", needs=can_be_trusted, points=2)
def finds_migration(answer: TextAnswer) -> None:
    """Two defects of the migration."""
    requires(answer, "Two lines of the migration harm those who work while it runs; with their kind and line", "locks",
             "breaks_old", hint=2)


@check("when it does something else than it says", needs=can_be_trusted, points=3)
def finds_logic(answer: TextAnswer) -> None:
    """Four defects of the code and its tests."""
    requires(answer, "Four defects make it do something else than it says, or hide it; with their kind and line",
             "race", "off_by_one", "swallowed", "empty_test", hint=3)
