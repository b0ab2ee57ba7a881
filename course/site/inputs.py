"""Look at the pages before Sphinx reads them: broken notebooks and names that stand for two lessons."""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from course.site import notebooks, problems


def duplicates(paths: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the groups of notebooks whose file names are equal: a lesson's name is its address everywhere."""
    by_slug: dict[str, list[str]] = {}
    for path in sorted(paths):
        if path.endswith(".ipynb"):
            by_slug.setdefault(PurePosixPath(path).stem, []).append(path)
    return [tuple(group) for group in by_slug.values() if len(group) > 1]


def check(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Report each notebook to be read that cannot become a page, and names used twice in the book."""
    found = problems.of(app)
    for docname in docnames:
        path = Path(env.doc2path(docname))
        if path.suffix != ".ipynb":
            continue
        try:
            notebooks.read(path)
        except notebooks.NotebookError as error:
            found.add(problems.place(env, docname, None), str(error), error.remedy)
    pages = [Path(env.doc2path(name, base=False)).as_posix() for name in env.found_docs]
    for group in duplicates(pages):
        found.add(" and ".join(group), "two lessons have the same name",
                  "rename one: a lesson's name is its address in links, exercises and progress")


def setup(app: Sphinx) -> None:
    """Check before pages are read."""
    app.connect("env-before-read-docs", check)
