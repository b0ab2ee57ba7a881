"""Links whose text or existence depends on other pages, decided when a page is written."""

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

STORE = "course_links"  # in the environment: page -> {page it names: that page's title when it was last written}


def titles(env: BuildEnvironment) -> dict[str, str]:
    """Return the title of each page of the book by its name."""
    return {docname: node.astext() for docname, node in env.titles.items()}


def remember(env: BuildEnvironment, docname: str, target: str) -> None:
    """Note that the page `docname` names the page `target`, which need not exist yet."""
    _store(env).setdefault(docname, {})[target] = ""


def _store(env: BuildEnvironment) -> dict[str, dict[str, str]]:
    store: dict[str, dict[str, str]] = vars(env).setdefault(STORE, {})
    return store


def stale(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages to write again, since a page they name has come, gone or changed its title."""
    known, changed = titles(env), []
    for docname, targets in _store(env).items():
        now = {target: known.get(target, "") for target in targets}
        if now != targets:
            changed.append(docname)
            targets.update(now)
    return changed


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop what is known of a page that is read anew or removed."""
    _store(env).pop(docname, None)


def connect(app: Sphinx) -> None:
    """Keep the store true; a piece that calls `remember` calls this from its setup."""
    if app.events.listeners.get("env-updated") and any(
            listener.handler is stale for listener in app.events.listeners["env-updated"]):
        return
    app.connect("env-updated", stale)
    app.connect("env-purge-doc", forget)
