"""Sphinx extension: what turns notebooks and Markdown pages into the course's site.

Each module is one piece with its own `setup(app)`; none knows another, except for the two they share (`problems`,
`notebooks`).
"""

from sphinx.application import Sphinx

from course.site import (
    description,
    formulas,
    glance,
    glossary,
    inputs,
    lesson_role,
    pictures,
    problems,
    sidebar,
    theme,
    titles,
)

PIECES = (problems, inputs, theme, sidebar, description, formulas, pictures, glance, lesson_role, glossary, titles)


def setup(app: Sphinx) -> dict[str, object]:
    """Register all pieces with Sphinx (called by Sphinx, see `extra_extensions` in `_config.yml`)."""
    for piece in PIECES:
        piece.setup(app)
    return {"version": "1", "env_version": 1, "parallel_read_safe": False, "parallel_write_safe": True}
