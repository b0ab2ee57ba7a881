"""Cut a quiz file into sections, items and quotes: Markdown by lines, with fenced code left alone.

The rules are CommonMark's (spec 0.31, sections 4.5 fenced code, 5.1 block quotes, 5.2 list items), narrowed to one
way of writing each, so that GitHub, JupyterLab and this parser see the same structure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

HEADING = re.compile(r"#{1,6}(\s|$)")
# What may stand before a fence on its line: indentation, quote marks, a list item's mark.
_FENCE = re.compile(r"(?:\s|>|- |\d+\. )*(`{3,}|~{3,})(.*)")
_FENCED = re.compile(r"(`{3,}|~{3,})([^\n]*)\n(.*?)\n?\1[`~]*\s*", re.DOTALL)
_CODE_SPAN = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1")


@dataclass(frozen=True)
class Line:
    """One line of the file: its number (1, 2, ...), its text, whether it belongs to fenced code, and opens it."""

    number: int
    text: str
    code: bool
    opens: bool = False

    @property
    def blank(self) -> bool:
        """Whether the line holds nothing but white space."""
        return not self.text.strip()


@dataclass
class Item:
    """A list item: its mark (`- [x] `, `- `, `1. `), and its lines without the indentation."""

    mark: str
    lines: list[Line] = field(default_factory=list)


class StrayLine(Exception):
    """A line that fits nowhere: `number` says which, the message what it is and what to do."""

    def __init__(self, number: int, message: str) -> None:
        self.number = number
        super().__init__(message)


def lines_of(text: str) -> list[Line]:
    """Number the lines and mark those in fenced code. Raises StrayLine for a fence that is never closed."""
    found: list[Line] = []
    fence, opened = "", 0
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        match = _FENCE.fullmatch(line)
        inside, opens = bool(fence), False
        if fence:
            if line.strip("> \t").startswith(fence) and not line.strip("> \t").strip(fence[0]):
                fence = ""
        elif match and not (match[1][0] == "`" and "`" in match[2]):  # else it is a code span: ```a``` b
            fence, opened, inside, opens = match[1], number, True, True
        found.append(Line(number, line, inside, opens))
    if fence:
        raise StrayLine(opened, f"this code block is never closed; end it with a line of {fence}")
    return found


def sections(lines: list[Line]) -> Iterator[list[Line]]:
    """Yield the lines before the first `## ` heading, then those of each such heading, heading included."""
    section: list[Line] = []
    for line in lines:
        if line.text.startswith("## ") and not line.code:
            yield section
            section = []
        section.append(line)
    yield section


def joined(lines: list[Line]) -> str:
    """Return the text of the lines, without blank lines around it."""
    return "\n".join(line.text.rstrip() for line in lines).strip("\n")


def items_and_quote(lines: list[Line], mark: re.Pattern[str]) -> tuple[list[Item], list[Line]]:
    """Cut a list and the quote after it: `mark` matches the beginning of an item.

    Raises StrayLine for the first line that belongs to neither.
    """
    items: list[Item] = []
    quote: list[Line] = []
    for line in lines:
        match = mark.match(line.text) if line.opens or not line.code else None
        if match and quote:
            raise StrayLine(line.number, "an option after a quote that is not indented; indent each feedback "
                                         "beneath its option by two spaces, and let an explanation come last")
        if match:
            items.append(Item(match[0], [replace(line, text=line.text[match.end():])]))
        elif line.text.startswith(">"):
            quote.append(line)
        elif line.blank:
            (quote if quote or not items else items[-1].lines).append(line)
        elif items and not quote and line.text.startswith(indent := " " * indentation(items[-1])):
            items[-1].lines.append(replace(line, text=line.text.removeprefix(indent)))
        else:
            raise StrayLine(line.number, f"'{shortened(line.text)}' belongs to no option; indent it like the text of "
                                         "its option, or move it above the options")
    return items, quote


def indentation(item: Item) -> int:
    """Return the columns by which the lines of an item are indented: a box is part of its text."""
    return len(item.mark.split("[")[0])


def body_and_quote(item: Item) -> tuple[str, str]:
    """Return the Markdown of an item and that of the quote at its end. Raises StrayLine for text after the quote."""
    start = next((place for place, line in enumerate(item.lines)
                  if line.text.startswith(">") and (line.opens or not line.code)), len(item.lines))
    for line in item.lines[start:]:
        if not line.blank and not line.text.startswith(">"):
            raise StrayLine(line.number, f"'{shortened(line.text)}' stands after the feedback; begin each line of "
                                         "the feedback with `> `, and write the option's own text before it")
    return joined(item.lines[:start]), unquoted(item.lines[start:])


def unquoted(lines: list[Line]) -> str:
    """Return the Markdown inside a quote."""
    return joined([replace(line, text=re.sub(r"^> ?", "", line.text)) for line in lines])


def plain(markdown: str) -> str | None:
    """Return what one code span or one fenced block says, or None when the Markdown is anything else."""
    if span := _CODE_SPAN.fullmatch(markdown.strip()):
        inner = span[2]
        padded = len(inner) > 2 and inner.startswith(" ") and inner.endswith(" ")
        return inner[1:-1] if padded and inner.strip() else inner
    block = _FENCED.fullmatch(markdown)
    return block[3] if block else None


def first_block(lines: list[Line], language: str) -> str | None:
    """Return the code of the first fenced block in `language` at the left margin; None when there is none."""
    opening = re.compile(r"(`{3,}|~{3,})\s*" + re.escape(language) + r"\s*")
    for start, line in enumerate(lines):
        if line.opens and (match := opening.fullmatch(line.text)):
            code: list[str] = []
            for inner in lines[start + 1:]:
                if inner.text.startswith(match[1]) and not inner.text.strip(match[1][0] + " "):
                    return "\n".join(code) + "\n"
                code.append(inner.text)
    return None


def shortened(text: str, width: int = 40) -> str:
    """Return the beginning of a text in one line, for a message."""
    words = " ".join(text.split())
    return words if len(words) <= width else words[:width - 3].rstrip() + "..."
