"""What a page says about itself and where it lives: shared links, search engines, the way to its source.

The addresses are those of `_config.yml`: `html: baseurl:` where the site is published, `repository: url:` (and
`branch:`) where its source is. Where one is not named, nothing is written that would need it. https://ogp.me/
"""

from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx

from course.site import description

NOT_OURS = "https://github.com/executablebooks/jupyter-book"  # Jupyter Book's default where no repository is named
BRANCH = "main"


def card(site: str, title: str, text: str, address: str = "") -> str:
    """Return the elements that services read which show a link; the title and the others are plain text."""
    said = {"title": title, "description": text, "type": "website", "site_name": site, "url": address}
    return "".join(f'\n    <meta property="og:{name}" content="{escape(value)}" />'
                   for name, value in said.items() if value)


def edit_address(repository: str, branch: str, path: str) -> str:
    """Return where a file is edited on a code host, GitHub's way or GitLab's; empty without a repository."""
    if not repository:
        return ""
    middle = "-/edit" if "gitlab" in (urlsplit(repository).hostname or "") else "edit"
    return f"{repository.rstrip('/')}/{middle}/{branch}/{path}"


def sitemap(base: str, addresses: list[str]) -> str:
    """Return the list of pages for search engines. https://www.sitemaps.org/protocol.html"""
    pages = "".join(f"<url><loc>{escape(base.rstrip('/') + '/' + address)}</loc></url>\n" for address in addresses)
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
            f"{pages}</urlset>\n")


def describe(app: Sphinx, pagename: str, template: str, context: dict[str, Any],
             doctree: nodes.document | None) -> None:
    """Add the card and the address of the page's source; runs after `description`, whose words it shares."""
    if doctree is None:
        return
    words = description.shorten(description.first_paragraph(doctree))
    site, title = app.config.html_title, app.env.titles[pagename].astext()
    context["metatags"] = context.get("metatags", "") + card(site, title, words, context.get("pageurl") or "")
    options = app.config.html_theme_options
    repository = options.get("repository_url") or ""
    context["course_edit"] = edit_address("" if repository == NOT_OURS else repository,
                                          options.get("repository_branch") or BRANCH,
                                          app.env.doc2path(pagename, base=False))


def publish(app: Sphinx, exception: Exception | None) -> None:
    """Write the sitemap where the address is known, and robots.txt where it would be read: at the host's root."""
    if exception or app.builder.format != "html":
        return
    base, folder = app.config.html_baseurl, Path(app.outdir)
    files = {"sitemap.xml": "", "robots.txt": ""}
    if base:
        pages = sorted(app.builder.get_target_uri(name) for name in app.env.found_docs)
        files["sitemap.xml"] = sitemap(base, pages)
        if urlsplit(base).path in ("", "/"):
            files["robots.txt"] = f"User-agent: *\nAllow: /\nSitemap: {base.rstrip('/')}/sitemap.xml\n"
    for name, text in files.items():
        if text:
            (folder / name).write_text(text, encoding="utf-8")
        else:
            (folder / name).unlink(missing_ok=True)


def setup(app: Sphinx) -> None:
    """Register both."""
    app.connect("html-page-context", describe, priority=600)
    app.connect("build-finished", publish)
