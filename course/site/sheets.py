"""Cheatsheets: a block of code says how it is proven, and what it prints stands below it.

A sheet is Markdown that reads the same elsewhere: its fences carry words behind the language, which `course.sheet`
understands. While Sphinx reads a sheet, each such fence is a directive; the number of lines stays the same.
"""

from pathlib import Path, PurePosixPath

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from course import sheet
from course.sheet import Block, SheetError
from course.site import elements, problems
from course.site.elements import make, text

FILE = "pytest-run"  # its argument is the name of the file that the block is
PLAIN = {"http": "text"}  # several requests in one block are no text that its lexer knows


def is_sheet(docname: str) -> bool:
    """Say whether a page is a cheatsheet."""
    return PurePosixPath(docname).parent.name == sheet.FOLDER


def replace(app: Sphinx, docname: str, source: list[str]) -> None:
    """Turn the fences of a sheet into directives; report those that say no way to prove them."""
    if not is_sheet(docname):
        return
    path = Path(str(app.env.doc2path(docname, base=False)))
    try:
        blocks = sheet.parse(source[0], path)
    except SheetError as error:
        for fault in error.faults:
            problems.of(app).tell(fault)
        return
    lines = source[0].split("\n")
    for block in blocks:
        words = lines[block.line - 1].lstrip("`").strip()
        lines[block.line - 1] = f"```{{sheet-block}} {words}"
        if block.output:
            lines[block.output.first - 1] = "```{sheet-output}"
    source[0] = "\n".join(lines)


class SheetBlock(SphinxDirective):
    """A block of code, marked by how it is proven; where it is not run, or meant to fail, it says so in words."""

    has_content = True
    required_arguments = 1
    optional_arguments = 4

    def run(self) -> list[nodes.Node]:
        """Return the block."""
        self.assert_has_content()
        source = "\n".join(self.content)
        (block,) = sheet.parse(f"```{' '.join(self.arguments)}\n{source}\n```\n", Path(self.env.docname))
        code = elements.code(source, PLAIN.get(block.language, block.language))
        name = [make("p", {}, nodes.literal("", block.argument), classes="sheet-file")] if block.kind == FILE else []
        found = make("div", {"data-proof": proof(block)}, *name, code, classes="sheet-block")
        if said := caption(block):
            found += make("p", {}, text(said), classes="sheet-said")
        return [found]


class SheetOutput(SphinxDirective):
    """What the block above prints."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the output."""
        return [make("div", {}, elements.code("\n".join(self.content), "text"), classes="sheet-output")]


def proof(block: Block) -> str:
    """Return the kind of proof, for the style sheet: run, fails, checked or shown."""
    if block.kind == sheet.SHOWN:
        return "shown"
    return "fails" if _fails(block) else "run" if block.kind in sheet.RUN else "checked"


def _fails(block: Block) -> bool:
    """Say whether a block is one that fails; a response of HTTP says by its status that a request was refused."""
    return bool(block.fails) and block.kind != "http-run"


def caption(block: Block) -> str:
    """Return the words beneath a block, where there is more to say than that it has been run."""
    if block.kind == sheet.SHOWN:
        return f"Not run: {sheet.REASONS[block.argument]}"
    if block.kind in sheet.CHECKED:
        return f"Checked against the schema of {block.argument}" if block.argument else "Checked by hadolint"
    if _fails(block):
        number = "SQLSTATE " if block.kind == "sql-run" else "exit status " if block.fails.isdigit() else ""
        return f"Fails, as it should: {number}{block.fails}"
    return ""


def setup(app: Sphinx) -> None:
    """Register the directives, before Markdown is parsed."""
    app.add_directive("sheet-block", SheetBlock)
    app.add_directive("sheet-output", SheetOutput)
    app.connect("source-read", replace)
