"""Sphinx extension: what turns notebooks and Markdown pages into the course's site.

Each module is one piece with its own `setup(app)`; none knows another, except for those they share (`problems`,
`notebooks`, `elements`, `scripts`, `player`; `elsewhere` and `placing` for what stands in `exercises/`). Pieces are
imported when Sphinx asks for them, so that `course.site.build` starts without Sphinx.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PIECES = ("problems", "inputs", "theme", "sidebar", "description", "formulas", "pictures", "glance", "lesson_role",
          "glossary", "titles", "elements", "placing", "exercises", "quizzes", "folds", "policy", "scripts", "cells",
          "progress", "checks")


def setup(app: Sphinx) -> dict[str, object]:
    """Register all pieces with Sphinx (called by Sphinx, see `extra_extensions` in `_config.yml`)."""
    for piece in PIECES:
        import_module(f"{__name__}.{piece}").setup(app)
    return {"version": "1", "env_version": 1, "parallel_read_safe": False, "parallel_write_safe": True}
