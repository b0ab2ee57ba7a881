"""The order of exercises: that of the pages in `_toc.yml`, and within a page that in which they stand."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from course.check.exercise import addresses
from course.check.placed import cells

TEMPLATE = "template_lesson"  # for authors: nothing a learner is asked to solve
ENTRY = re.compile(r"^\s*-?\s*(?:file|root):\s*['\"]?([^\s'\"#]+)", re.MULTILINE)  # Jupyter Book's way to name a page

DIRECTIVE = re.compile(r"^`{3,}\{course-exercise\} (\S+)", re.MULTILINE)  # in a cheatsheet


def in_order(root: Path) -> list[str]:
    """Return the addresses of all exercises of the course in reading order; those on no page come last, by name."""
    placed = [address for page in _pages(root) for address in _exercises(page)]
    known = [address for address in addresses(root) if not address.startswith(f"{TEMPLATE}/")]
    return [*dict.fromkeys(address for address in placed if address in known),
            *(address for address in known if address not in placed)]


def _pages(root: Path) -> Iterator[Path]:
    """Yield the notebooks and Markdown pages of the table of contents, in its order."""
    for name in ENTRY.findall((root / "_toc.yml").read_text(encoding="utf-8")):
        for page in (root / f"{name.removesuffix('.ipynb')}.ipynb", root / f"{name.removesuffix('.md')}.md"):
            if page.is_file():
                yield page


def _exercises(page: Path) -> Iterator[str]:
    if page.suffix == ".md":
        yield from DIRECTIVE.findall(page.read_text(encoding="utf-8"))
        return
    found = json.loads(page.read_text(encoding="utf-8"))["cells"]
    for cell in cells("".join(cell["source"]) for cell in found if cell["cell_type"] == "code"):
        yield from (placement.address for placement in cell.placements if placement.kind == "exercise")
