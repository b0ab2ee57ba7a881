"""Write every page again when a page's title changes: sidebars, heads of lessons and links show it.

Sphinx by itself writes only the pages that were read again, so others would go on showing the old title.
"""

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def stale(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return all pages when titles differ from those of the last build, else none."""
    now = {docname: node.astext() for docname, node in env.titles.items()}
    changed = now != vars(env).get("course_titles")
    vars(env)["course_titles"] = now  # Sphinx's environment stores whatever is put into it
    return sorted(env.found_docs) if changed else []


def setup(app: Sphinx) -> None:
    """Compare after pages are read."""
    app.connect("env-updated", stale)
