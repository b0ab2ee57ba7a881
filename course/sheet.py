"""A cheatsheet's text: its sections, and its code blocks, each with the way in which it is proven.

The opening line of a block says it: ```` ```bash bash-run ````, ```` ```sql sql-run expect-fail=23505 ````,
```` ```yaml yaml-schema=compose ````, ```` ```bash show-only=daemon ````. A block ```` ```text output ```` that
follows holds what the run prints. Fences: CommonMark 0.31, section 4.5; here they begin in the first column.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

RUN = ("bash-run", "sql-run", "py-run", "pytest-run", "http-run", "gitlab-run")
CHECKED = ("yaml-schema", "dockerfile-lint")
SHOWN = "show-only"
NAMED = {SHOWN: "reason", "yaml-schema": "schema", "pytest-run": "file"}  # kinds that need an argument, and which
FAILS = "expect-fail"
HEADERS = "headers"  # of a response, which an output shows: headers=ETag,Link
NO_BODY = "no-body"  # an output shows no bodies
OUTPUT = "output"
REASONS = {"daemon": "needs a container daemon", "cluster": "needs a Kubernetes cluster",
           "account": "needs an account at a hosting service", "notation": "is a notation, no program"}
FOLDER = "cheatsheets"  # where the sheets are, below the repository's root
FENCE = re.compile(r"(`{3,})\s*(\S*)\s*(.*?)\s*")


class SheetError(ValueError):
    """A block that says no way, or a wrong one, to prove it; each fault names its file and line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Output:
    """What a block prints, as it stands in the sheet: the lines of its two fences (1, 2, ...) and the text."""

    first: int
    last: int
    text: str


@dataclass(frozen=True)
class Block:
    """One code block: the line of its opening fence, its language, and how it is proven.

    `kind` is one of RUN, CHECKED or SHOWN, `argument` what stands behind its `=`; `fails` is the exit status, the
    SQLSTATE, the class of the exception or the status of HTTP that its run must end with, empty when it must succeed.
    """

    line: int
    last: int
    section: str
    language: str
    kind: str
    argument: str
    fails: str
    source: str
    headers: tuple[str, ...] = ()
    body: bool = True
    output: Output | None = None

    @property
    def name(self) -> str:
        """How a report calls it: the section and the line."""
        return f"{self.section}, line {self.line}"


@dataclass(frozen=True)
class Fenced:
    """A fenced block as it stands in the text, before its opening line is understood."""

    line: int
    last: int
    section: str
    language: str
    words: str
    source: str


def fenced(text: str) -> Iterator[Fenced]:
    """Yield the fenced blocks; what belongs to a directive (```` ```{name} ````) is left out."""
    section, lines = "", text.split("\n")
    start: tuple[int, str, str, str] | None = None
    for number, line in enumerate(lines, 1):
        found = FENCE.fullmatch(line)
        if start is None:
            if line.startswith("## "):
                section = line[3:].strip()
            if found:
                start = (number, found[1], found[2], found[3])
        elif found and found[1] >= start[1] and not found[2]:
            first, _, language, words = start
            if not language.startswith("{"):
                yield Fenced(first, number, section, language, words, "\n".join(lines[first:number - 1]) + "\n")
            start = None


def parse(text: str, path: Path) -> tuple[Block, ...]:
    """Return the code blocks of a sheet, each with its output. Raises SheetError naming all faults."""
    blocks: list[Block] = []
    faults: list[str] = []
    for one in fenced(text):
        if one.words == OUTPUT:
            if blocks and blocks[-1].kind in RUN and blocks[-1].output is None and _adjacent(text, blocks[-1], one):
                blocks[-1] = replace(blocks[-1], output=Output(one.line, one.last, one.source))
            else:
                faults.append(f"{path}:{one.line}: an output that follows no block with a run: put it directly below")
            continue
        block = _understood(one)
        if isinstance(block, Block):
            blocks.append(block)
        else:
            faults.append(f"{path}:{one.line}: {block}")
    if faults:
        raise SheetError(faults)
    return tuple(blocks)


def _adjacent(text: str, block: Block, output: Fenced) -> bool:
    """Say whether nothing but empty lines stands between a block and the output."""
    return not "".join(text.split("\n")[block.last:output.line - 1]).strip()


def _understood(one: Fenced) -> Block | str:
    """Return the block, or what is wrong with its opening line."""
    words = dict(_pairs(one.words))
    kinds = [word for word in words if word in (*RUN, *CHECKED, SHOWN)]
    if unknown := set(words) - {*RUN, *CHECKED, SHOWN, FAILS, HEADERS, NO_BODY}:
        return f"`{min(unknown)}` says nothing: write one of {', '.join((*RUN, *CHECKED, SHOWN))}"
    if len(kinds) != 1:
        return (f"the block says {'no way' if not kinds else 'two ways'} to prove it: write one of "
                f"{', '.join((*RUN, *CHECKED, SHOWN))} behind its language")
    kind = kinds[0]
    if kind in NAMED and not words[kind]:
        return f"`{kind}` needs a {NAMED[kind]}: {kind}=NAME"
    if kind == SHOWN and words[kind] not in REASONS:
        return f"`{words[kind]}` is no reason to run nothing; there are: {', '.join(REASONS)}"
    if FAILS in words and not (words[FAILS] and kind in RUN):
        return f"`{FAILS}=CODE` needs a code, and a block that is run"
    if {HEADERS, NO_BODY} & set(words) and kind != "http-run":
        return f"`{HEADERS}` and `{NO_BODY}` belong behind `http-run`"
    return Block(one.line, one.last, one.section, one.language, kind, words[kind], words.get(FAILS, ""), one.source,
                 tuple(filter(None, words.get(HEADERS, "").split(","))), NO_BODY not in words)


def _pairs(words: str) -> Iterator[tuple[str, str]]:
    for word in words.split():
        key, _, value = word.partition("=")
        yield key, value


def with_outputs(text: str, printed: dict[int, str]) -> str:
    """Return a sheet's text with other outputs: `printed` holds the text by the line of the block's opening fence."""
    lines = text.split("\n")
    blocks = [block for block in parse(text, Path("the sheet")) if block.output and block.line in printed]
    for block in reversed(blocks):
        assert block.output is not None
        lines[block.output.first:block.output.last - 1] = printed[block.line].rstrip("\n").split("\n")
    return "\n".join(lines)


def sections(text: str) -> dict[str, str]:
    """Return the text of each section by its title, without what stands above the first."""
    starts = [(found.start(), found.group(1).strip()) for found in re.finditer(r"^## (.+)$", _bare(text), re.MULTILINE)]
    ends = [*starts, (len(text), "")]
    return {title: text[start:end] for (start, title), (end, _) in pairwise(ends)}


def _bare(text: str) -> str:
    """Return the text with the insides of its fences blanked, place by place: a `#` there is no heading."""
    return re.sub(r"^```.*?^```$", lambda found: re.sub(r"[^\n]", " ", found.group()), text,
                  flags=re.MULTILINE | re.DOTALL)
