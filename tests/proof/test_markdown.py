"""Blocks of code with their lines, and MyST told from plain CommonMark."""

import pytest

from course.proof import markdown


def test_blocks_come_with_the_line_of_their_code() -> None:
    text = "Words.\n\n```python\n>>> 1\n```\n\n- an item\n\n  ~~~sql\n  SELECT 1\n  ~~~\n\n    indented\n"
    assert markdown.blocks(text) == [markdown.Block("python", 4, ">>> 1\n"), markdown.Block("sql", 10, "SELECT 1\n")]


@pytest.mark.parametrize(("text", "found"), [
    ("A {term}`Book` here.", [(1, "{term}`Book`")]),
    ("Words.\n\n| a |\n|---|\n| {py:func}`sum` |", [(5, "{py:func}`sum`")]),
    (":::{note}\nWords.\n:::", [(1, ":::{note}"), (1, ":::")]),
    ("Words.\n\n```{note}\nWords.\n```", [(3, "```{note}")]),
])
def test_what_only_the_site_understands_is_found(text: str, found: list[tuple[int, str]]) -> None:
    assert list(markdown.site_only(text)) == found


@pytest.mark.parametrize("text", [
    "`GET /books/{isbn}` and `{isbn}`", "A set {1, 2} and `code`", "```python\nx = f\"{name}`\"\n:::\n```", "{a} `b`",
])
def test_code_and_braces_are_left_alone(text: str) -> None:
    assert list(markdown.site_only(text)) == []
