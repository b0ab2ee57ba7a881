"""Books written on the fly: the real configuration, templates and styles, with pages made for a test."""

import json
import shutil
from pathlib import Path
from typing import Any

import yaml

from course import repository
from course.figures import Node, tree

ROOT = repository.root(Path(__file__).parent)
NEEDS = ["book/how_to_run", "Not written yet <tiers/1_foundations/not_written_yet>", "reading `async def`"]
ABOUT = {"minutes": 45, "needs": NEEDS,
         "objectives": ["Explain what `Depends()` does", "Write a dependency that **yields**"]}
KEEP_THEMES_SIDEBAR = "    course_fast_sidebar: false\n"
GLOSSARY = """# Glossary

Words with a fixed meaning.

## The ten terms

### CI/CD

Build and test each change, see [unit of work](#term-unit-of-work).

## Others

### Unit of work

All changes that belong together.

### Never linked

A term that no page uses.
"""


def picture() -> str:
    """A real figure of the course, the same twice would give the same ids."""
    return tree(Node("endpoint", (Node("session"), Node("settings"))), "What an endpoint needs").svg


def markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": f"m{abs(hash(text)) % 10**8}", "metadata": {}, "source": text}


def code(source: str, *outputs: dict[str, Any], tags: tuple[str, ...] = (), count: int | None = 1) -> dict[str, Any]:
    return {"cell_type": "code", "id": f"c{abs(hash(source)) % 10**8}", "execution_count": count, "source": source,
            "metadata": {"tags": list(tags)} if tags else {}, "outputs": list(outputs)}


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def svg(content: str) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {},
            "data": {"image/svg+xml": content, "text/plain": "<Figure>"}}


def error() -> dict[str, Any]:
    return {"output_type": "error", "ename": "KeyError", "evalue": "'shelf'",
            "traceback": ["\x1b[31mKeyError\x1b[39m   Traceback (most recent call last)",
                          "\x1b[32m----> 1\x1b[39m {}['shelf']", "\x1b[31mKeyError\x1b[39m: 'shelf'"]}


def notebook(*cells: dict[str, Any], about: Any = ABOUT, title: str = "A lesson") -> str:
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    head = markdown(f"# {title}\n\nYou will be able to build it.")
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {**kernel, "course": about},
                       "cells": [head, *cells]})


def lesson() -> str:
    """A notebook with each kind of cell and output that the site treats in its own way."""
    return notebook(
        markdown("## First\n\nA [unit of work](../../book/glossary.md#term-unit-of-work), "
                 "and [its pipeline](../../book/glossary.md#term-ci-cd)."),
        code("print('x' * 300)", stream("x" * 300 + "\n")),
        code("draw()", svg(picture())),
        code("draw(again=True)", svg(picture())),
        code("import os\nos.fork()", stream("child\n"), tags=("needs-kernel",)),
        code("{}['shelf']", error(), tags=("raises-exception",)),
        code("hidden = 1", tags=("remove-cell",)),
    )


def nested(count: int) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """`count` pages in chapters, sections and sections below them, and their part of the table of contents."""
    names = [f"part/page_{number}" for number in range(count)]
    pages = {f"{name}.md": f"# Page {name.rsplit('_', 1)[1]}\n\n## A heading\n\nText.\n" for name in names}
    chapters = []
    for start in range(0, count, 6):
        group = [{"file": name} for name in names[start:start + 6]]
        deep = {**group[1], "sections": group[2:4]} if len(group) > 3 else None
        chapters.append({**group[0], "sections": [deep, *group[4:]]} if deep else group[0])
        chapters += [] if deep else group[1:]
    return pages, chapters


def standard(count: int = 34) -> tuple[dict[str, str], dict[str, Any]]:
    """A sound book of about `count` + 6 pages."""
    pages, chapters = nested(count)
    pages |= {
        "book/index.md": "# Start\n\nThe first page of a small book.\n\n"
                         "{lesson}`A lesson <tiers/2_api_development/a_lesson>` and "
                         "{lesson}`Threads <tiers/1_foundations/threads>`.\n\n"
                         "::::{grid} 1 2 2 2\n\n:::{grid-item-card} A card\n\nText\n:::\n::::\n\n$a^2 + b^2 = c^2$\n",
        "book/how_to_run.md": "# Running it\n\nHow, with a [pipeline](glossary.md#term-ci-cd).\n",
        "book/glossary.md": GLOSSARY,
        "tiers/2_api_development/a_lesson.ipynb": lesson(),
    }
    toc = {"format": "jb-book", "root": "book/index", "parts": [
        {"caption": "Start", "chapters": [{"file": "book/how_to_run"}]},
        {"caption": "Tier 2", "chapters": [{"file": "tiers/2_api_development/a_lesson"}]},
        {"caption": "Pages", "chapters": chapters},
        {"caption": "Reference", "chapters": [{"file": "book/glossary"}]}]}
    return pages, toc


def write(folder: Path, pages: dict[str, str], toc: dict[str, Any], more_config: str = "") -> Path:
    """Write the book into `folder`, so that `course.site.build.build(folder)` can build it."""
    for name in ("_static", "_templates"):
        shutil.copytree(ROOT / "book" / name, folder / "book" / name, dirs_exist_ok=True)
    config = (ROOT / "_config.yml").read_text(encoding="utf-8").replace("linkify, ", "linkify, dollarmath, ")
    (folder / "_config.yml").write_text(config.rstrip("\n") + "\n" + more_config, encoding="utf-8")
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def small(folder: Path, pages: dict[str, str]) -> Path:
    """Write a book of a few pages: the ones given, with a start page and a glossary unless they bring their own."""
    pages = {"book/index.md": "# Start\n\nThe first page.\n", "book/glossary.md": GLOSSARY} | pages
    chapters = [{"file": name.rsplit(".", 1)[0]} for name in pages
                if name != "book/index.md" and name.endswith((".md", ".ipynb"))]
    return write(folder, pages, {"format": "jb-book", "root": "book/index", "chapters": chapters})
