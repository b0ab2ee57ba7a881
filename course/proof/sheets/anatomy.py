"""What every cheatsheet has: short prose, lines that fit on paper, mistakes, five questions, something to solve."""

import re
from collections.abc import Iterator

from course import sheet
from course.sheet import Block

WIDEST = 78  # columns of code: what a column of the printed sheet takes
LONGEST = 230  # characters of a paragraph: two lines on the screen
MISTAKES, QUESTIONS, KATAS = "Three mistakes everybody makes", "Check yourself", "Solve it"
PLACED = re.compile(r"^```\{course-(quiz|exercise)\} (\S+)", re.MULTILINE)
LINK = re.compile(r"\]\([^)]*\)")  # where a link leads is not read
ASKED = 5


def faults(text: str, blocks: tuple[Block, ...]) -> Iterator[str]:
    """Yield what a sheet lacks or has too much of."""
    parts = sheet.sections(text)
    for title in (MISTAKES, QUESTIONS, KATAS):
        if title not in parts:
            yield f"there is no section `## {title}`"
    asked = [kind for kind, _ in PLACED.findall(parts.get(QUESTIONS, ""))]
    if asked.count("quiz") != ASKED:
        yield f"`{QUESTIONS}` asks {asked.count('quiz')} questions: write {ASKED}"
    if "exercise" not in [kind for kind, _ in PLACED.findall(parts.get(KATAS, ""))]:
        yield f"`{KATAS}` places no exercise"
    if len(re.findall(r"^\d\. \*\*", parts.get(MISTAKES, ""), re.MULTILINE)) != 3:
        yield f"`{MISTAKES}` is a list of three, each beginning with the mistake in bold"
    if not re.search(r"^\|[-| :]+\|$", text, re.MULTILINE):
        yield "there is no table to decide by"
    for block in blocks:
        for number, line in enumerate(block.source.split("\n"), block.line + 1):
            if len(line) > WIDEST:
                yield f"line {number} has {len(line)} characters: {WIDEST} fit on paper"
    for title, part in parts.items():
        yield from (f"a paragraph of {len(words)} characters in `{title}`, {words[:40]!r}...: {LONGEST} are two lines"
                    for words in _paragraphs(part) if len(words) > LONGEST)


def _paragraphs(part: str) -> Iterator[str]:
    """Yield the paragraphs of a section, without code, tables, lists and headings; of links what is read."""
    plain = re.sub(r"^```.*?^```$", "", part, flags=re.MULTILINE | re.DOTALL)
    for words in re.split(r"\n\s*\n", plain):
        words = LINK.sub("]", words.strip())
        if words and not re.match(r"[|#\-]|\d\.", words):
            yield words
