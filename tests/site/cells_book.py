"""A small book whose lesson has a cell for each thing that a reader may meet, with scripts and Python of the page."""

import shutil
from pathlib import Path

import synthetic_book as book

from course import runtime
from course.site import scripts
from course.site.build import build

LESSON = "tiers/a/lesson"
PAGE = f"{LESSON}.html"
FIGURE = """from course.figures import Node, tree
tree(Node("endpoint", (Node("session"), Node("settings"))), "What an endpoint needs")"""
WRITES = '''class Report:
    def _repr_html_(self):
        return ('<p onclick="window.broken=1" style="position:fixed" id="main-content">safe <b>words</b>'
                '<script>window.broken = 1</script><img src=x onerror="window.broken=1"></p>'
                '<form action="/"><button>press</button></form><style>body{display:none}</style>')
Report()'''
CELLS = {
    "first": book.code('shelf = ["Dune"]\nprint(shelf)', book.stream("['Dune']\n")),
    "second": book.code("print(len(shelf))", book.stream("1\n")),
    "endless": book.code("while True:\n    pass"),
    "million": book.code("for n in range(1_000_000):\n    print(n)", book.stream("0\n")),
    "kernel": book.code("import os\nprint(os.fork() >= 0)", book.stream("True\n"), tags=("needs-kernel",)),
    "raises": book.code("shelf[7]", book.error(), tags=("raises-exception",)),
    "last": book.code('print("end")', book.stream("end\n")),
    "figure": book.code(FIGURE),
    "html": book.code(WRITES),
    "asks": book.code('name = input("Who?")\nprint("Hello,", name)'),
    "silent": book.code("quiet = 1"),
}
NUMBER = {name: number for number, name in enumerate(CELLS, 1)}


def lesson(changed: dict[str, str] | None = None) -> str:
    """Return the notebook; `changed` gives some cells another source."""
    cells = [dict(cell, id=name) | ({"source": changed[name]} if changed and name in changed else {})
             for name, cell in CELLS.items()]
    return book.notebook(book.markdown("## Cells\n\nA [unit](../../book/glossary.md#term-unit-of-work)."), *cells)


def publish(folder: Path, text: str | None = None) -> Path:
    """Write and build the book with its scripts; return the folder of the site."""
    shutil.copytree(scripts.bundle(book.ROOT), folder / scripts.BUNDLES, dirs_exist_ok=True)
    shutil.copy(book.ROOT / "package-lock.json", folder)
    book.small(folder, {f"{LESSON}.ipynb": text or lesson(), "book/how_to_run.md": "# How to run\n\nText.\n"})
    shutil.copy(book.ROOT / "book" / "exceptions.yml", folder / "book")
    return build(folder, runtime=runtime.assemble(book.ROOT)).resolve()
