"""A made-up course with a built site, and two exercises: one needs Python only, one PostgreSQL."""

from pathlib import Path

TASK = "---\ntitle: {0}\nminutes: 5\npoints: 1\n{1}---\n\nWrite it.\n"
HINTS = "## A nudge\n\nThink.\n"
ADD = '''from course.check import check, expect


@check("it adds")
def adds(answer):
    expect(answer.add(1, 2), 3, "add(1, 2) is not the sum", hint=1)
'''
ROWS = '''import psycopg

from course.check import check, expect


@check("it counts the books")
def counts(answer, database):
    with psycopg.connect(database) as db:
        expect(db.execute(answer.text).fetchone(), (2,), "the query finds another number")
'''
FILES = {
    "exercises/demo/add/task.md": TASK.format("A sum", ""),
    "exercises/demo/add/hints.md": HINTS,
    "exercises/demo/add/checks.py": ADD,
    "exercises/demo/add/solution.py": "def add(a, b):\n    # >>> return the sum\n    return a + b\n    # <<<\n",
    "exercises/demo/rows/task.md": TASK.format("How many", "needs: postgres\n"),
    "exercises/demo/rows/hints.md": HINTS,
    "exercises/demo/rows/checks.py": ROWS,
    "exercises/demo/rows/setup.sql": "CREATE TABLE book (title text);\nINSERT INTO book VALUES ('Dune'), ('Emma');\n",
    "exercises/demo/rows/solution.sql": "-- >>> count them\nSELECT count(*) FROM book\n-- <<<\n",
}
PAGE = "<!DOCTYPE html>\n<html lang='en'><head><title>{0}</title></head><body><h1>{0}</h1>{1}</body></html>\n"
NOTEBOOK = """{"cells": [{"cell_type": "code", "execution_count": null, "id": "a1", "metadata": {}, "outputs": [],
 "source": ["print(6 * 7)"]}], "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python",
 "name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}
"""


def build_site(root: Path) -> Path:
    """Write a made-up repository with a built site below `root` and return its root."""
    files = {
        "_toc.yml": "format: jb-book\nroot: tiers/demo\n",
        "secret.txt": "not part of the site",
        "secret.html": "not part of the site",
        "tiers/demo.ipynb": NOTEBOOK,
        "tiers/beside.py": "answer = 42\n",
        "_build/html/index.html": PAGE.format("Home", '<script src="_static/page.js"></script>'),
        "_build/html/tiers/index.html": PAGE.format("Tiers", ""),
        "_build/html/_static/page.js": "document.body.dataset.script = 'ran'\n",
        "_build/html/_static/page.mjs": "export const ready = true\n",
        "_build/html/_static/page.css": "body { margin: 0 }\n",
        "_build/html/_static/code.wasm": "\0asm\1\0\0\0",
        "_build/html/tiers/demo.html": PAGE.format("Demo", ""),
    }
    scripts = Path(__file__).parents[2] / "web" / "run"
    files |= FILES | {f"_build/html/_static/run/{path.name}": path.read_text(encoding="utf-8")
                              for path in scripts.glob("jupyter*.mjs")}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root
