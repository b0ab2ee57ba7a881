"""Pictures: SVG stands in the page itself, so that it follows the theme; every picture has words."""

import re
import xml.etree.ElementTree as ElementTree
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from course.site import player, problems, scripts

_SVG = "{http://www.w3.org/2000/svg}"
_NAMES = re.compile(r'\b(id|aria-labelledby|aria-describedby)="([^"]+)"')
_USES = re.compile(r"""#([\w.:-]+)(?=["')])""")
_IMG = re.compile(r"<img\b(?:(?!\balt=)[^>])*>", re.IGNORECASE)
ALT = "say in its alternative text what it shows: ![what it shows](file), or `image: {alt: ...}` in the cell's metadata"


def words(svg: str) -> tuple[str, str]:
    """Return title and description of an SVG, empty where missing. Raises ParseError when it is not XML."""
    root = ElementTree.fromstring(svg)
    return root.findtext(f"{_SVG}title", "").strip(), root.findtext(f"{_SVG}desc", "").strip()


def scope_ids(svg: str, prefix: str) -> str:
    """Return `svg` with each of its ids, and each use of one, preceded by `prefix`: ids are unique in a page."""
    known = {name for kind, names in _NAMES.findall(svg) if kind == "id" for name in names.split()}

    def renamed(match: re.Match[str]) -> str:
        names = (prefix + name if name in known else name for name in match[2].split())
        return f'{match[1]}="{" ".join(names)}"'

    svg = _NAMES.sub(renamed, svg)
    return _USES.sub(lambda match: f"#{prefix}{match[1]}" if match[1] in known else match[0], svg)


def inlined(svg: str, number: int, alternative: str = "") -> str:
    """Return the HTML of picture `number` of a page. Raises ValueError with what is missing.

    Its box scrolls where the picture is wider than the screen; its name is the picture's title.
    """
    try:
        title, description = words(svg)
    except ElementTree.ParseError as error:
        raise ValueError(f"the SVG is not well-formed ({error})") from error
    if not (title and description) and not alternative:
        raise ValueError("the SVG has no <title> and <desc>")
    body = scope_ids(svg[svg.index("<svg"):].strip(), f"p{number}-")
    if not title:
        body = body.replace("<svg", f'<svg role="img" aria-label="{escape(alternative)}"', 1)
    return f'<div class="picture">{body}</div>'


class InlineSvg(SphinxTransform):
    """Replace each image that is a local SVG by the SVG itself, before Sphinx collects images."""

    default_priority = 850

    def apply(self, **kwargs: object) -> None:
        """Replace them, and report the ones without words."""
        local = (image for image in list(self.document.findall(nodes.image))
                 if image["uri"].endswith(".svg") and "://" not in image["uri"])
        for number, image in enumerate(local, start=1):
            path = Path(self.env.relfn2path(image["uri"], self.env.docname)[1])
            if not path.is_file():
                continue  # Sphinx says so itself
            try:
                html = inlined(path.read_text(encoding="utf-8"), number, image.get("alt", ""))
            except ValueError as error:
                report(self.app, image, str(error), "draw it with course.figures, or add both elements")
            else:
                html = player.played(html, path.read_text(encoding="utf-8")) if scripts.are_there(self.app) else html
                image.replace_self(nodes.raw("", html, format="html"))
                self.env.note_dependency(str(path))


def report(app: Sphinx, node: nodes.Element, what: str, remedy: str) -> None:
    """Note a problem at the line of `node` in the page being read."""
    problems.of(app).add(problems.place_of(app.env, node), what, remedy)


def check(app: Sphinx, doctree: nodes.document) -> None:
    """Report pictures without a text alternative, in Markdown and in stored HTML outputs."""
    for image in doctree.findall(nodes.image):
        if not image.get("alt", "").strip() and not image["uri"].endswith(".svg"):  # InlineSvg speaks for those
            report(app, image, "a picture has no text alternative", ALT)
    for raw in doctree.findall(nodes.raw):
        if "html" in raw.get("format", "") and _IMG.search(raw.astext()):
            report(app, raw, "an <img> in HTML has no alt", ALT)


def setup(app: Sphinx) -> None:
    """Register the transform and the check."""
    app.add_transform(InlineSvg)
    app.connect("doctree-read", check)
