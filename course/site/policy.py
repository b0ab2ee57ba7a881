"""The content security policy of every page, as a `<meta>`: a static host sends no headers of ours.

What a `<meta>` cannot hold (`frame-ancestors`) only our local server sends (`course/serve/site.py`). 'unsafe-inline' is
for the theme's script before the first paint and for inline styles; 'wasm-unsafe-eval' lets the page's Python start.
No other origin is in it: on a hub or on Binder the page itself is served from where its kernel is (`elsewhere_to_run`
in `course/site/cells.py`). https://www.w3.org/TR/CSP3/
"""

from sphinx.application import Sphinx

RULES = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' 'wasm-unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "worker-src": "'self' blob:",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
}


def policy() -> str:
    """Return the policy as the text of a header or a `<meta>`."""
    return "; ".join(f"{name} {value}" for name, value in RULES.items())


def setup(app: Sphinx) -> None:
    """Give the policy to the templates."""
    app.connect("html-page-context", lambda app, page, template, context, doctree: context.update(
        course_policy=policy()))
