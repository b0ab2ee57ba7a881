"""Where exercises stand: their order is that of the pages in `_toc.yml`, and within a page that of its cells."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from course.check.exercise import addresses

ENTRY = re.compile(r"^\s*-?\s*(?:file|root):\s*['\"]?([^\s'\"#]+)", re.MULTILINE)  # Jupyter Book's way to name a page


def in_order(root: Path) -> list[str]:
    """Return the addresses of all exercises of the course in reading order; those on no page come last, by name."""
    placed = [address for page in pages(root) for address in calls(page, "exercise")]
    known = list(addresses(root))
    return [*dict.fromkeys(address for address in placed if address in known),
            *(address for address in known if address not in placed)]


def pages(root: Path) -> Iterator[Path]:
    """Yield the notebooks of the table of contents, in its order."""
    for name in ENTRY.findall((root / "_toc.yml").read_text(encoding="utf-8")):
        page = root / f"{name.removesuffix('.ipynb')}.ipynb"
        if page.is_file():
            yield page


def calls(page: Path, function: str) -> Iterator[str]:
    """Yield the text that each call `function("...")` in the notebook's cells is given. A broken cell has none."""
    for cell in json.loads(page.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or function not in source:
            continue
        try:
            nodes = ast.walk(ast.parse(source))
        except SyntaxError:
            continue
        for node in nodes:
            if (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function
                    and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)):
                yield node.args[0].value
