"""What the Markdown of lessons and exercises holds: blocks of code, and what only the site would understand."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROLE = re.compile(r"\{[a-z][\w:+-]*\}$")
COLONS = re.compile(r"^:{3,}.*", re.M)


@dataclass(frozen=True)
class Block:
    """A fenced block: the word behind the fence, the line of its first line of code (1, 2, ...), and the code."""

    language: str
    line: int
    code: str


def blocks(text: str) -> list[Block]:
    """Return the fenced blocks."""
    return [Block(token.info.strip(), _line(token) + 1, token.content) for token in _tokens(text)
            if token.type == "fence"]


def site_only(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of each role, directive and colon fence: MyST, which other tools show as it is written.

    Code is left alone: a path such as `/books/{isbn}` is no role.
    """
    for token in _tokens(text):
        if token.type == "fence" and token.info.strip().startswith("{"):
            yield _line(token), f"{token.markup}{token.info.strip()}"
        if token.type == "inline":
            yield from ((_line(token), role) for role in _roles(token.children or []))
            yield from ((_line(token), found.group()) for found in COLONS.finditer(token.content))


def _roles(children: list[Token]) -> Iterator[str]:
    for before, after in itertools.pairwise(children):
        if after.type == "code_inline" and (role := ROLE.search(before.content)) and before.type == "text":
            yield f"{role.group()}`{after.content}`"


def _tokens(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(text)


def _line(token: Token) -> int:
    return (token.map or [0])[0] + 1
