"""The glossary: `### Term` headings of one page, linked from lessons and back.

A lesson links `[task](../../book/glossary.md#term-task)`, plain Markdown that also works in other readers; the page
gets these anchors and, under each term, the pages that use it.
"""

import re
from difflib import get_close_matches
from html import escape

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform

from course.site import problems

PAGE = "book/glossary"
PREFIX = "term-"
LEVEL = 3  # `###`: the headings above it only group terms

Uses = dict[str, list[tuple[str, str]]]  # page -> terms it links, with the place of each


class used_in(nodes.Element):
    """Where the list of pages stands that use `term`."""


def anchor(term: str) -> str:
    """Return the anchor of a term: `CI/CD` gives `term-ci-cd`."""
    return PREFIX + re.sub(r"[^a-z0-9]+", "-", term.lower()).strip("-")


def nearest(unknown: str, known: list[str]) -> str:
    """Return in words the known anchors that look most like `unknown`."""
    close = get_close_matches(unknown, known, n=3, cutoff=0.5)
    return f"the nearest are {', '.join(close)}" if close else "no term has a similar name"


def users(uses: Uses) -> dict[str, list[str]]:
    """Return the pages that link each term, the glossary itself aside."""
    found: dict[str, list[str]] = {}
    for page, terms in uses.items():
        for term in sorted({term for term, _ in terms} if page != PAGE else ()):
            found.setdefault(term, []).append(page)
    return found


class TermAnchors(SphinxTransform):
    """Give each term its anchor, before MyST looks for the targets of links within the page (priority 879)."""

    default_priority = 860

    def apply(self, **kwargs: object) -> None:
        """Set the anchors and leave a place for the list of pages."""
        if self.env.docname != PAGE:
            return
        terms: dict[str, str] = {}
        slugs = self.env.metadata[PAGE].setdefault("myst_slugs", {})
        for section in [one for one in self.document.findall(nodes.section) if _level(one) == LEVEL]:
            title = section.next_node(nodes.title)
            if title is None:
                continue
            name = anchor(title.astext())
            if name in terms:
                problems.of(self.app).add(problems.place(self.env, PAGE, title.line),
                                          f"'{title.astext()}' and '{terms[name]}' have the same anchor {name}",
                                          "keep one of them")
            terms[name] = title.astext()
            section["ids"] = [name]
            self.document.ids[name] = section
            slugs[name] = (title.line, name, title.astext())
            section += used_in(term=name)
        vars(self.env)["course_terms"] = terms  # Sphinx's environment stores whatever is put into it


def _level(section: nodes.Node) -> int:
    level = 0
    while isinstance(section, nodes.section):
        level, section = level + 1, section.parent
    return level


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Note which terms the page links; links within the glossary have no page of their own."""
    here, found = app.env.docname, []
    for link in doctree.findall(addnodes.pending_xref):
        target = link.get("reftargetid") if link.get("reftarget") == PAGE else None
        if here == PAGE and link.get("reftype") == "myst" and str(link.get("reftarget", "")).startswith(PREFIX):
            target = link["reftarget"]
        if target:
            found.append((target, problems.place_of(app.env, link)))
    _uses(app.env)[here] = found


def _uses(env: BuildEnvironment) -> Uses:
    uses: Uses = vars(env).setdefault("course_uses", {})
    return uses


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Report links to unknown terms; return the glossary when what it lists has changed."""
    if PAGE not in env.found_docs:
        return []
    known = list(vars(env).get("course_terms", {}))
    for terms in _uses(env).values():
        for term, where in terms:
            if term not in known:
                problems.of(app).add(where, f"the glossary has no {term}",
                                     f"{nearest(term, known)}; correct the link or add the term to {PAGE}.md")
    listed = {term: [(page, env.titles[page].astext()) for page in pages if page in env.titles]
              for term, pages in users(_uses(env)).items()}
    changed = listed != vars(env).get("course_listed")
    vars(env)["course_listed"] = listed
    return [PAGE] if changed else []


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write under each term the pages that use it, in the order of their titles."""
    for place in list(doctree.findall(used_in)):
        pages = sorted(vars(app.env).get("course_listed", {}).get(place["term"], []), key=lambda page: page[1])
        links = ", ".join(f'<a href="{escape(app.builder.get_relative_uri(docname, page))}">{escape(title)}</a>'
                          for page, title in pages)
        place.replace_self([nodes.raw("", f'<p class="used-in">Used in: {links}</p>', format="html")] if pages else [])


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop what a page has used when it is read anew or removed."""
    _uses(env).pop(docname, None)


def setup(app: Sphinx) -> None:
    """Register the anchors and the lists."""
    app.add_node(used_in)
    app.add_transform(TermAnchors)
    app.connect("env-purge-doc", forget)
    app.connect("doctree-read", collect)
    app.connect("env-updated", update)
    app.connect("doctree-resolved", resolve)
