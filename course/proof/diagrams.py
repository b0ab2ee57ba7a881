"""Draw the content's Mermaid diagrams: `python -m course.proof.diagrams`, or `nox -s diagrams`.

Draws those that have not been drawn as they are now, and removes files that no diagram uses any more. Mermaid comes
from npm, pinned in `web/diagrams/`, into `build/diagrams`: only who draws needs it.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Error, Page

from course import diagrams, repository
from course.proof import chromium, markdown
from course.runtime import RuntimeBuildError, npm

CONTENT = ("book", "tiers", "cheatsheets", "roadmap", "exercises")
SOURCE = Path("web") / "diagrams"
INSTALLED = Path("build") / "diagrams"
WIDEST = 447  # px: shrunk to 80 % it is as wide as the text on a phone of 390 px


class DiagramError(ValueError):
    """A diagram cannot be drawn; the message names its file and line, what is wrong, and what to do."""


@dataclass(frozen=True)
class Diagram:
    """A diagram's text, and where its fence begins: `file:line`, or `file: cell N, line M`."""

    text: str
    where: str


def find(root: Path) -> list[Diagram]:
    """Return all diagrams in the content below `root`, in the order of their files."""
    files = sorted(path for folder in CONTENT for path in (root / folder).rglob("*")
                   if path.suffix in (".md", ".ipynb") and ".ipynb_checkpoints" not in path.parts)
    return [Diagram(block.code, f"{path.relative_to(root).as_posix()}{before}{block.line - 1}")
            for path in files for before, text in _texts(path) for block in markdown.blocks(text)
            if block.language == diagrams.LANGUAGE]


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the Markdown in a file, each with what stands between the file's name and a line in messages."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield ":", text
        return
    for number, cell in enumerate(json.loads(text)["cells"], start=1):
        if cell["cell_type"] == "markdown":
            yield f": cell {number}, line ", "".join(cell["source"])


def tools(root: Path) -> list[Path]:
    """Return the scripts that draw, Mermaid first, installed where needed. Raises RuntimeBuildError."""
    folder = root / INSTALLED
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(root / SOURCE / name, folder)
    return [npm.package(folder, "mermaid") / "dist" / "mermaid.min.js", root / SOURCE / "draw.js"]


def check(found: Iterable[Diagram]) -> None:
    """Raise DiagramError with a line for each fault of the diagrams' texts."""
    lines = [f"{diagram.where}: {what}; {remedy}" for diagram in found
             for what, remedy in diagrams.faults(diagram.text)]
    if lines:
        raise DiagramError("\n".join(lines))


def draw(page: Page, diagram: Diagram) -> str:
    """Return the SVG of a diagram, drawn in a page that has the tools. Raises DiagramError."""
    prefix = f"d{Path(diagrams.name(diagram.text)).stem[:8]}"
    try:
        return str(page.evaluate("([source, prefix]) => draw(source, prefix)", [diagram.text, prefix])) + "\n"
    except Error as error:
        said = error.message.removeprefix("Page.evaluate: ").split("\n    at ")[0].strip()
        raise DiagramError(f"{diagram.where}: Mermaid cannot draw this; repair its text: {said}") from error


def update(root: Path, again: bool = False) -> list[str]:
    """Bring `book/diagrams` up to date and return what was done, a line each; `again` draws all anew.

    Raises DiagramError, RuntimeBuildError when npm fails, and NoBrowserError.
    """
    found = find(root)
    check(found)
    folder = root / diagrams.FOLDER
    wanted = {diagrams.name(diagram.text): diagram for diagram in found}
    orphans = [path for path in sorted(folder.glob("*.svg")) if path.name not in wanted]
    missing = {name: diagram for name, diagram in wanted.items() if again or not (folder / name).is_file()}
    done = _draw_all(root, missing) if missing else []
    for path in orphans:
        path.unlink()
    return done + [f"removed {path.name}: no page uses it" for path in orphans]


def _draw_all(root: Path, missing: dict[str, Diagram]) -> list[str]:
    (root / diagrams.FOLDER).mkdir(parents=True, exist_ok=True)
    scripts, done = tools(root), []
    with chromium.launch() as browser:
        page = browser.new_page()
        for script in scripts:
            page.add_script_tag(path=script)
        for name, diagram in missing.items():
            svg = draw(page, diagram)
            (root / diagrams.FOLDER / name).write_text(svg, encoding="utf-8")
            width = int(svg.split(' width="')[1].split('"')[0])
            wide = f"; {width} px wide, so a phone scrolls it: {WIDEST} px fit" if width > WIDEST else ""
            done.append(f"{diagram.where}: drew {name}{wide}")
    return done


def main() -> int:
    """Draw, and print what was done; return the exit status."""
    parser = argparse.ArgumentParser(prog=diagrams.COMMAND, description="Draw the diagrams that are missing.")
    parser.add_argument("--again", action="store_true", help="draw all anew, after a change of what draws them")
    try:
        print(*update(repository.root(), parser.parse_args().again) or ["All diagrams are drawn."], sep="\n")
    except (DiagramError, RuntimeBuildError, chromium.NoBrowserError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
