"""Sphinx extension: what turns notebooks and Markdown pages into the course's site.

Each module is one piece with its own `setup(app)`; none knows another, except for those they share (`problems`,
`notebooks`, `elements`, `scripts`, `player`, `glossary`, `description`; `elsewhere` and `placing` for what stands in
`exercises/`). Pieces are imported when Sphinx asks for them, so that `course.site.build` starts without Sphinx.
"""

from __future__ import annotations

import hashlib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PIECES = ("problems", "inputs", "highlighting", "theme", "sidebar", "description", "metadata", "formulas", "pictures",
          "diagrams", "glance", "lesson_role", "glossary", "glossary_cards", "titles", "elements", "placing",
          "exercises", "quizzes", "sheets", "folds", "policy", "scripts", "cells", "progress", "search_index",
          "checks", "learning_path")


def setup(app: Sphinx) -> dict[str, object]:
    """Register all pieces with Sphinx (called by Sphinx, see `extra_extensions` in `_config.yml`)."""
    for piece in PIECES:
        import_module(f"{__name__}.{piece}").setup(app)
    return {"version": "1", "env_version": _state(), "parallel_read_safe": False, "parallel_write_safe": True}


def _state() -> int:
    """Return a number for this code: where it differs from the last build's, Sphinx reads all pages again."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return int.from_bytes(digest.digest()[:6], "big")
