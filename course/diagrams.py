"""Diagrams in Mermaid's language: what their text must say, and which file holds the drawn one.

A diagram is a fence ```` ```mermaid ```` in a page, a notebook's Markdown or an exercise. JupyterLab and code hosts
draw it themselves; for the site an author has it drawn once (`course.proof.diagrams`), into a file named for its text.
https://mermaid.js.org/config/accessibility.html for `accTitle` and `accDescr`.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path("book") / "diagrams"
LANGUAGE = "mermaid"
COMMAND = "python3 noxfile.py -s diagrams"
_SIDEWAYS = re.compile(r"^\s*(?:(?:flowchart|graph)\s+(?:LR|RL|BT)|direction\s+(?:LR|RL|BT))\b", re.MULTILINE)
_LOOKS = re.compile(r"^\s*(?:style|classDef|linkStyle|click)\s|%%\{|^---\s*$", re.MULTILINE)


def name(text: str) -> str:
    """Return the name of the file that holds the diagram drawn from `text`: a hash of it, blank ends left out."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return f"{hashlib.sha256(lines.encode()).hexdigest()[:16]}.svg"


def faults(text: str) -> Iterator[tuple[str, str]]:
    """Yield what a diagram's text must not be or lacks, each with what to do."""
    if not re.search(r"^\s*accTitle\s*:\s*\S", text, re.MULTILINE):
        yield "the diagram has no title", "add a line `accTitle: what it shows`"
    if not re.search(r"^\s*accDescr\s*(?::\s*\S|\{)", text, re.MULTILINE):
        yield "the diagram has no description", "add a line `accDescr: ...` that says in words what the picture says"
    if _SIDEWAYS.search(text):
        yield "the diagram does not run from top to bottom", "write `flowchart TD`: a phone is narrow"
    if _LOOKS.search(text):
        yield "the diagram has colours, settings or links of its own", "leave them out: they come from the page"
