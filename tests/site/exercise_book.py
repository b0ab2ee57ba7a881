"""A small book with exercises that run in the page, one that does not, with scripts and Python of the page."""

import shutil
from pathlib import Path

import synthetic_book as book

from course import runtime
from course.site import scripts
from course.site.build import build

LESSON = "tiers/a/lesson"
PAGE = f"{LESSON}.html"
TASK = "---\ntitle: {title}\nminutes: 5\npoints: 2\n{more}---\nWrite `{name}`.\n"
HINTS = "## A nudge\n\nLook at plus.\n\n## A direction\n\nUse plus.\n\n## Almost there\n\n`value + value`\n"
CHECKS = '''"""What `double` must do."""

from course.check import check, expect


@check("it doubles a number", timeout=1)
def doubles(answer):
    expect(answer.double(2), 4, "double(2) is wrong", hint=2)


@check("it doubles a list", needs=doubles, timeout=1)
def doubles_a_list(answer):
    expect(answer.double([1]), [1, 1], "double([1]) is wrong")


@check("it may be called later", timeout=1)
async def later(answer):
    expect(answer.double("a"), "aa", "double('a') is wrong")
'''
SOLUTION = '''"""Doubling."""


def double(value):
    # >>> return it twice
    return value + value
    # <<<
'''
RIGHT = "def double(value):\n    return value + value\n"
TEXTS = {"double": TASK.format(title="Double it", name="double(value)", more=""),
         "locked": TASK.format(title="Needs a server", name="double(value)", more="needs: postgres\n")}


def lesson() -> str:
    """Return the notebook."""
    place = [book.code(f'from course.lesson import exercise\nexercise("lesson/{name}")') for name in TEXTS]
    return book.notebook(book.markdown("## Your turn\n\nA [unit](../../book/glossary.md#term-unit-of-work)."),
                         book.code('print("a cell")', book.stream("a cell\n")), *place)


def publish(folder: Path, checks: str = CHECKS) -> Path:
    """Write and build the book with its scripts and its Python; return the folder of the site."""
    shutil.copytree(scripts.bundle(book.ROOT), folder / scripts.BUNDLES, dirs_exist_ok=True)
    shutil.copy(book.ROOT / "package-lock.json", folder)
    for name, task in TEXTS.items():
        place = folder / "exercises" / "lesson" / name
        place.mkdir(parents=True, exist_ok=True)
        files = {"task.md": task, "hints.md": HINTS, "checks.py": checks, "solution.py": SOLUTION}
        for file, text in files.items():
            (place / file).write_text(text, encoding="utf-8")
    book.small(folder, {f"{LESSON}.ipynb": lesson(), "book/how_to_run.md": "# How to run\n\nText.\n"})
    shutil.copy(book.ROOT / "book" / "exceptions.yml", folder / "book")
    return build(folder, runtime=runtime.assemble(book.ROOT)).resolve()
