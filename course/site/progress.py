"""What the page needs to show a learner's progress: the lessons in their order, and what there is to do in each.

`_static/run/course.json` holds `{"parts": [{"title", "planned", "lessons": [{"name", "title", "page", "ready",
"exercises": [{"address", "anchor", "title", "hash"}], "questions": [{"address", "anchor"}]}]}]}`, pages relative to the
site's root. `planned`: how many lessons the tier is to have, 0 for other parts. `ready`: the tier that a page asks
whether the reader is ready for, on pages that are no lessons but such a check. The file is fetched
(web/progress/course.mjs) for readers who have begun, and for nobody else.
"""

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from course.check import exercise
from course.check.progress_model import ADDRESS
from course.site import curriculum, exercises, placing, quizzes, scripts
from course.site.placing import Placed

ABOUT = "book"  # the folder of pages that are about the course, and no lessons
OVERVIEW = "book/progress"
NAME = "course.json"


def lesson(docname: str) -> str | None:
    """Return the address under which progress keeps the page; None for a page that is no lesson."""
    path = PurePosixPath(docname)
    counts = len(path.parts) > 1 and path.parts[0] != ABOUT and path.name != "index"
    return path.name if counts and ADDRESS.fullmatch(path.name) else None


def question(address: str) -> str:
    """Return the address of a question in the progress document."""
    owner, _, name = address.partition("/")
    return f"{owner}/quiz/{name}"


def course(env: BuildEnvironment, uri: dict[str, str]) -> dict[str, Any]:
    """Return what is published; `uri` has the address of each page."""
    parts = [{"title": title, "planned": _planned(env, pages),
              "lessons": [_lesson(env, docname, uri[docname]) for docname in pages]}
             for title, docnames in _parts(env) if (pages := [name for name in docnames if lesson(name)])]
    return {"parts": parts}


def _planned(env: BuildEnvironment, pages: list[str]) -> int:
    """Return how many lessons, the lab apart, are planned for the tier of these pages."""
    plan = curriculum.planned(Path(env.srcdir))
    return next((len(plan[folder]) - 1 for page in pages if (folder := page.rpartition("/")[0]) in plan), 0)


def _parts(env: BuildEnvironment) -> Iterator[tuple[str, list[str]]]:
    """Yield the captions of the table of contents, each with its pages in reading order."""
    for tree in env.tocs[env.config.root_doc].findall(addnodes.toctree):
        pages = [page for top in tree["includefiles"] for page in _below(env, top)]
        yield str(tree.get("caption") or env.config.html_title), pages


def _below(env: BuildEnvironment, docname: str) -> Iterator[str]:
    yield docname
    for child in env.toctree_includes.get(docname, []):
        yield from _below(env, child)


def _lesson(env: BuildEnvironment, docname: str, page: str) -> dict[str, Any]:
    placed = placing.of(env).get(docname, [])
    root = Path(env.srcdir)
    return {
        "name": lesson(docname), "title": env.titles[docname].astext(), "page": page,
        "ready": curriculum.readiness(root, docname),
        "lab": any(docname == pages[-1] for pages in curriculum.planned(root).values()),
        "exercises": [_exercise(root, docname, one) for one in placed if one.kind == "exercise"],
        "questions": [_question(docname, one) for one in placed if one.kind != "exercise"]}


def _exercise(root: Path, docname: str, one: Placed) -> dict[str, str]:
    task = exercise.load(root, one.address)
    anchor = placing.anchor(docname, exercises.ANCHOR, one.address)
    return {"address": task.address, "anchor": anchor, "title": task.title, "hash": task.fingerprint}


def _question(docname: str, one: Placed) -> dict[str, str]:
    return {"address": question(one.address), "anchor": placing.anchor(docname, quizzes.ANCHOR, one.address)}


def publish(app: Sphinx, exception: Exception | None) -> None:
    """Write the file."""
    if exception or app.builder.format != "html" or not scripts.are_there(app):
        return
    uri = {docname: app.builder.get_target_uri(docname) for docname in app.env.found_docs}
    target = Path(app.outdir, "_static", "run", NAME)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(course(app.env, uri), ensure_ascii=False), encoding="utf-8")


def tell(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Give the template what it must know of the page."""
    is_lesson = doctree is not None and scripts.are_there(app) and lesson(pagename)
    context["course_lesson"] = is_lesson or None
    context["course_ready"] = curriculum.readiness(Path(app.srcdir), pagename) if is_lesson else None
    context["course_progress"] = scripts.are_there(app)
    context["course_overview"] = OVERVIEW if OVERVIEW in app.env.found_docs else None


def setup(app: Sphinx) -> None:
    """Register all of it."""
    app.connect("html-page-context", tell)
    app.connect("build-finished", publish, priority=950)
