"""The content security policy of every page, as a `<meta>`: a static host sends no headers of ours.

What a `<meta>` cannot hold (`frame-ancestors`) only our local server sends (`course/serve/site.py`). 'unsafe-inline' is
for the theme's script before the first paint and for inline styles; 'wasm-unsafe-eval' lets the page's Python start.
https://www.w3.org/TR/CSP3/
"""

from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config

RULES = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' 'wasm-unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "worker-src": "'self' blob:",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
}
PLACES = ("course_binder", "course_hub")  # addresses that a reader may be sent to run code


def policy(places: tuple[str, ...] = ()) -> str:
    """Return the policy; a page may also connect to the origins of `places` (addresses beginning with https://)."""
    origins = " ".join(sorted({f"{part.scheme}://{part.netloc}" for part in map(urlsplit, places)}))
    sockets = origins.replace("http", "ws")
    more = {"connect-src": f"'self' {origins} {sockets}"} if origins else {}
    return "; ".join(f"{name} {value}" for name, value in (RULES | more).items())


def places(config: Config) -> tuple[str, ...]:
    """Return the addresses that `_config.yml` names."""
    return tuple(config[name] for name in PLACES if config[name])


def setup(app: Sphinx) -> None:
    """Give the policy to the templates."""
    for name in PLACES:
        app.add_config_value(name, "", "html", str)
    app.connect("html-page-context", lambda app, page, template, context, doctree: context.update(
        course_policy=policy(places(app.config))))
