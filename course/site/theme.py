"""Our page in the theme's frame: nothing from other hosts, and on each page only the files that it uses.

What this builds on in the theme is named below; where it is gone, the build warns (a warning fails it) and the theme
keeps its own way.
"""

import shutil
from collections.abc import Callable
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
TEMPLATES = "book/_templates"
BLOCKS = ("css", "extrahead", "body_tag", "content", "footer")  # of the theme's layout.html, replaced in ours
FUNCTIONS = ("generate_toctree_html", "generate_toc_html")  # given to templates by its toctree.py
UNUSED = "sphinx_thebe"  # Jupyter Book always loads it; it writes an address of another host into each page
# Files of the theme and of extensions that no page asks for: 5 MB less to publish and to keep offline.
_LEFT_OVER = ("vendor", "scripts", "styles", "locales", "images", "*webpack-macros.html", "sphinx-thebe.*", "basic.css",
              "togglebutton.*", "copybutton*", "clipboard*", "mystnb.*", "*-solid.svg", "copy-button.svg", "*.png")

# Parts of the theme's page that ours does not have: it would render them all the same, to see whether they are empty.
_PARTS = ("article_header_start", "article_header_end", "footer_content_items", "navbar_start", "navbar_center",
          "navbar_end", "navbar_persistent", "footer_start", "footer_end")

Context = dict[str, Any]
Uses = Callable[[str, nodes.document | None], bool]  # page name, its content -> does it use the file


def _always(page: str, doctree: nodes.document | None) -> bool:
    return True


def _search(page: str, doctree: nodes.document | None) -> bool:
    return page == "search"


def _has_class(element: nodes.Element, prefix: str) -> bool:
    names: list[str] = element.get("classes", [])
    return any(name.startswith(prefix) for name in names)


def _with_class(prefix: str) -> Uses:
    def uses(page: str, doctree: nodes.document | None) -> bool:
        elements = doctree.findall(nodes.Element) if doctree is not None else ()
        return any(_has_class(element, prefix) for element in elements)

    return uses


def _plays(page: str, doctree: nodes.document | None) -> bool:
    """Cells may draw what is then played; elsewhere a picture brings its bar."""
    raw = doctree.findall(nodes.raw) if doctree is not None else ()
    return _with_class("cell")(page, doctree) or any("player-bar" in node.astext() for node in raw)


def _comes_alive(page: str, doctree: nodes.document | None) -> bool:
    """There is something to run, to solve, to answer or to play."""
    return _plays(page, doctree) or _with_class("course-exercise")(page, doctree) or _with_class("course-quiz")(
        page, doctree)


def _only_reads(page: str, doctree: nodes.document | None) -> bool:
    return not _comes_alive(page, doctree)


FILES: dict[str, Uses] = {  # beginning of a file's name -> which pages get it; all other files are left out
    "course.mjs": _always,
    "lesson.mjs": _comes_alive,
    "progress.mjs": _only_reads,  # the other script holds it
    "lesson.css": _comes_alive,
    "page.css": _only_reads,  # the other style holds it
    "overview.": _with_class("course-progress"),
    "search.css": _search,
    "path.": _with_class("path-"),
    "sheet.": _with_class("sheet-"),
    "pygments": _always,
    "documentation_options": _search,
    "doctools": _search,
    "sphinx_highlight": _search,
    "sphinx-design": _with_class("sd-"),
    "design-tabs": _with_class("sd-tab-set"),
}


def missing(theme: Path) -> list[str]:
    """Return what our templates need and the theme whose package is the folder `theme` does not have."""
    layout, toctree = theme / "theme" / "pydata_sphinx_theme" / "layout.html", theme / "toctree.py"
    text = {path: path.read_text(encoding="utf-8") if path.is_file() else "" for path in (layout, toctree)}
    gone = [f"block {name}" for name in BLOCKS if f"block {name} " not in text[layout]]
    return gone + [f"function {name}" for name in FUNCTIONS if f'context["{name}"]' not in text[toctree]]


def _theme_folder() -> Path:
    spec = find_spec("pydata_sphinx_theme")
    return Path(spec.origin).parent if spec and spec.origin else Path()


def templates(app: Sphinx, config: Config) -> None:
    """Let our templates override the theme's, provided that it still has what they build on."""
    gone = missing(_theme_folder())
    if gone:
        LOGGER.warning("course.site.theme: the theme has no %s any more, so %s is not used; "
                       "adapt the templates there to the theme's new layout", ", ".join(gone), TEMPLATES)
        config.course_own_page = False  # assets() then leaves the theme's files in place too
    else:
        config.templates_path = [str(Path(app.confdir, TEMPLATES)), *config.templates_path]
        config.html_sidebars = {"**": []}
        config.html_theme_options |= {part: [] for part in _PARTS}


def silence(app: Sphinx, config: Config) -> None:
    """Take off the listeners of the extension that is never used."""
    listeners = [listener for group in app.events.listeners.values() for listener in group
                 if getattr(listener.handler, "__module__", "") == UNUSED]
    if UNUSED in app.extensions and not listeners:
        LOGGER.warning("course.site.theme: %s has no listeners any more; see how it adds its scripts now", UNUSED)
    for listener in listeners:
        app.disconnect(listener.id)


def assets(app: Sphinx, pagename: str, template: str, context: Context, doctree: nodes.document | None) -> None:
    """Keep the scripts and styles that the page uses; scripts wait until it is read."""
    if not app.config.course_own_page:
        return
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context[kind] if _wanted(file, pagename, doctree)]
    for script in context["script_files"]:
        if script.attributes.get("type") != "module":
            script.attributes.setdefault("defer", "defer")


def _wanted(file: Any, page: str, doctree: nodes.document | None) -> bool:
    name = Path(str(getattr(file, "filename", file) or "")).name
    return any(name.startswith(beginning) and uses(page, doctree) for beginning, uses in FILES.items())


def entrance(app: Sphinx, exception: Exception | None) -> None:
    """Lead from the site's root to the first page, which Jupyter Book keeps in its folder."""
    target = app.builder.get_target_uri(app.config.root_doc)
    if exception or app.builder.format != "html" or "/" not in target:
        return
    address, title = escape(target), escape(app.config.html_title)
    Path(app.outdir, "index.html").write_text(
        f'<!DOCTYPE html>\n<html lang="{app.config.language}">\n<head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="0; url={address}">'
        '<link rel="icon" href="_static/icon.svg"></head>\n'
        f'<body><main><h1><a href="{address}">{title}</a></h1></main></body>\n</html>\n', encoding="utf-8")


def tidy(app: Sphinx, exception: Exception | None) -> None:
    """Remove the theme's files that no page asks for."""
    if exception or app.builder.format != "html" or not app.config.course_own_page:
        return
    for path in [path for pattern in _LEFT_OVER for path in Path(app.outdir, "_static").glob(pattern)]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def setup(app: Sphinx) -> None:
    """Register the repairs, our style sheets and our entry module."""
    app.add_config_value("course_own_page", True, "html", bool)
    for name, priority in (("page.css", 900), ("lesson.css", 900), ("overview.css", 901), ("search.css", 901),
                           ("path.css", 902), ("sheet.css", 903)):
        app.add_css_file(name, priority=priority)
    app.add_js_file("course.mjs", type="module")
    app.connect("config-inited", templates)
    app.connect("config-inited", silence, priority=900)
    app.connect("html-page-context", assets, priority=950)
    app.connect("build-finished", entrance, priority=400)
    app.connect("build-finished", tidy, priority=900)
