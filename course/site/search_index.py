"""The search of the site: an index by Pagefind beside the pages, which web/search loads when somebody searches.

Each section of a page is a document of its own, so that a question finds the place and not only the page. Beside the
index lies `words.json`, all words of the site from the commonest to the rarest: a word that is not among
them is misspelt. On a system without Pagefind's program the pages keep Sphinx's own search. https://pagefind.app/docs/
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from course.site import exercises, glossary, scripts, search_text
from course.site.search_text import Block, Section

LOGGER = logging.getLogger(__name__)
FOLDER = "pagefind"  # outside _static, all of which pages would load
STATE, WORDS = "made.txt", "words.json"
ASIDES = ("book/index", "book/changelog")  # pages that only mention what others explain
AUTHORS = "For authors"  # the part of the book that is not for learners
CODE = "\ue000 {} \ue001"  # web/search/excerpt.mjs prefers what is not enclosed so; no text has these characters
SUMMARIES = ("In short", "Go further")  # sections that do
LONGEST = 24  # longer words are addresses and hashes
_UNUSED = ("pagefind-*.css", "pagefind-*ui.js", "pagefind-highlight.js")  # Pagefind's own dialogs


@dataclass(frozen=True)
class Record:
    """A section as it is indexed: `url` from the site's root, `page` the page's title, `part` the book's part.

    `kind` is `term`, `exercise`, `aside` or `author`, and empty for what explains something.
    """

    url: str
    page: str
    part: str
    kind: str
    section: Section


def program() -> Path | None:
    """Return Pagefind's program; None on a system for which there is none."""
    try:
        from pagefind_bin import get_executable
        return Path(get_executable())
    except (ImportError, FileNotFoundError):
        return None


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what can be found on the page that was just read, with Sphinx's environment."""
    _pages(app.env)[app.env.docname] = search_text.sections(doctree)


def _pages(env: BuildEnvironment) -> dict[str, tuple[Section, ...]]:
    pages: dict[str, tuple[Section, ...]] = vars(env).setdefault("course_search", {})
    return pages


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop what is known of a page when it is read anew or removed."""
    _pages(env).pop(docname, None)


def records(app: Sphinx) -> list[Record]:
    """Return all sections of the book with where they stand."""
    parts, found = dict(_parts(app.env)), []
    for docname, sections in sorted(_pages(app.env).items()):
        for section in sections:
            url = app.builder.get_target_uri(docname) + (f"#{section.anchor}" if section.anchor else "")
            part = parts.get(docname, "")
            found.append(Record(url, app.env.titles[docname].astext(), part, kind(docname, part, section), section))
    return found


def kind(docname: str, part: str, section: Section) -> str:
    """Return what a section is: web/search/find.mjs weighs it by that."""
    if part == AUTHORS:
        return "author"
    if docname == glossary.PAGE and section.anchor.startswith(glossary.PREFIX):
        return "term"
    if section.anchor.startswith(f"{exercises.ANCHOR}-"):
        return "exercise"
    return "aside" if docname in ASIDES or section.title in SUMMARIES else ""


def _parts(env: BuildEnvironment) -> Iterator[tuple[str, str]]:
    """Yield each page with the caption above it in the table of contents."""
    for tree in env.tocs[env.config.root_doc].findall(addnodes.toctree):
        waiting = list(tree["includefiles"])
        while waiting:
            docname = waiting.pop()
            yield docname, str(tree.get("caption") or "")
            waiting += env.toctree_includes.get(docname, [])


def document(record: Record) -> str:
    """Return the record as the HTML that Pagefind reads: weights and what comes back with a result as attributes."""
    about = "".join(f'<meta data-pagefind-meta="{name}[content]" content="{escape(value)}">'
                    for name, value in (("url", record.url), ("page", record.page), ("part", record.part),
                                        ("kind", record.kind)))
    text = "\n".join(map(_paragraph, record.section.blocks))
    return (f'<!DOCTYPE html>\n<html lang="en"><head><title></title></head>\n<body data-pagefind-body>{about}\n'
            f"<h1>{escape(record.section.title)}</h1>\n{text}\n</body></html>\n")


def _paragraph(block: Block) -> str:
    if block.weight == search_text.TEXT:
        return f"<p>{escape(block.text)}</p>"
    return f'<p data-pagefind-weight="{block.weight}">{CODE.format(escape(block.text))}</p>'


def vocabulary(found: list[Record]) -> list[str]:
    """Return the words of all records, the commonest first."""
    count = Counter(word for record in found for word in search_text.words(record.section) if len(word) <= LONGEST)
    return sorted(count, key=lambda word: (-count[word], word))


def write(found: list[Record], target: Path, pagefind: Path) -> None:
    """Make the index of `found` in the folder `target`, unless it holds that already.

    Raises subprocess.CalledProcessError when Pagefind fails.
    """
    content = json.dumps([asdict(record) for record in found])
    state = hashlib.sha256(Path(__file__).read_bytes() + content.encode()).hexdigest()
    if (target / STATE).is_file() and (target / STATE).read_text(encoding="utf-8") == state:
        return
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        for number, record in enumerate(found):
            (Path(folder) / f"{number}.html").write_text(document(record), encoding="utf-8")
        subprocess.run([pagefind, "--site", folder, "--output-path", target, "--force-language", "en",
                        "--include-characters", "_", "--silent"], check=True, capture_output=True, cwd=folder)
    for path in [path for pattern in _UNUSED for path in target.glob(pattern)]:
        path.unlink()
    (target / WORDS).write_text(json.dumps(vocabulary(found), ensure_ascii=False), encoding="utf-8")
    (target / STATE).write_text(state, encoding="utf-8")


def publish(app: Sphinx, exception: Exception | None) -> None:
    """Write the index beside the pages."""
    if exception or app.builder.format != "html" or not scripts.are_there(app):
        return
    target, pagefind = Path(app.outdir, FOLDER), program()
    if pagefind is None:
        shutil.rmtree(target, ignore_errors=True)
        print("The pages have Sphinx's own search only: there is no pagefind-bin for this system.", file=sys.stderr)
        return
    try:
        write(records(app), target, pagefind)
    except subprocess.CalledProcessError as error:
        LOGGER.warning("course.site.search_index: Pagefind failed: %s", error.stderr.decode(errors="replace")[-2000:])


def tell(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Tell the template whether there is such an index, and the script that loads it."""
    context["course_search"] = scripts.are_there(app) and program() is not None


def setup(app: Sphinx) -> None:
    """Register all of it. Pages are read first, then the glossary and others change them (priority 500)."""
    app.connect("env-purge-doc", forget)
    app.connect("doctree-read", collect, priority=700)
    app.connect("html-page-context", tell)
    app.connect("build-finished", publish, priority=960)
