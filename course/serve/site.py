"""The handler that serves the built book to those who may see it."""

import hashlib
import html
import mimetypes
import os
import re
from pathlib import Path, PurePath
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web

from course.serve import pages

BUILT = Path("_build") / "html"

POLICY = "; ".join((
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "worker-src 'self' blob:",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
))

# Asked before `mimetypes`, whose answers differ between Pythons and between machines (Windows takes them
# from its registry). A browser refuses a module or a WebAssembly file of any other type.
# JavaScript: RFC 9239; WebAssembly: https://www.iana.org/assignments/media-types/application/wasm
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ipynb": "application/x-ipynb+json",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


def content_type(name: str) -> str:
    """Return the media type of the file `name`, from its last suffix; unknown ones are plain bytes."""
    known = TYPES.get(PurePath(name).suffix.lower())
    guessed, encoding = mimetypes.guess_type(name)
    if known and not encoding:
        return known
    return guessed if guessed and not encoding else "application/octet-stream"


def mark(page: bytes, base_url: str) -> bytes:
    """Return `page` with `data-course-server="<base_url>"` on its first `<html ` tag.

    The page's script reads it and knows that kernels wait at that address. A page without the tag is
    returned as it is.
    """
    attribute = f'<html data-course-server="{html.escape(base_url)}"'.encode()
    return re.sub(rb"<html(?=[\s>])", lambda _: attribute, page, count=1, flags=re.IGNORECASE)


def handlers(base_url: str, built: Path) -> list[tuple[str, type[JupyterHandler], dict[str, Any]]]:
    """Return the routes that serve the folder `built` under `<base_url>course/`."""
    address = re.escape(url_path_join(base_url, "course"))
    folder = {"path": str(built), "default_filename": "index.html"}
    return [(re.escape(base_url), FirstHandler, {}),
            (rf"{address}()", SiteHandler, folder), (rf"{address}/(.*)", SiteHandler, folder)]


class FirstHandler(JupyterHandler):
    """The bare address of the server. Jupyter's own redirect would leave a `?` in the browser's bar."""

    @web.authenticated
    def get(self) -> None:
        """Lead to the page that the server was told to show first."""
        self.redirect(self.default_url)


class SiteHandler(JupyterHandler, web.StaticFileHandler):
    """Files of the built book, for signed-in readers only."""

    page: bytes | None = None  # an HTML page as it is sent; None for every other file

    @property
    def content_security_policy(self) -> str:
        """The policy of the course's pages; JupyterLab's pages keep Jupyter's own."""
        return POLICY

    def check_xsrf_cookie(self) -> None:
        """Ask for no token, since nothing is changed here.

        On a JupyterHub cookies alone count for `navigate` and `no-cors` requests only, and a page's modules are
        `cors` (its `_xsrf_utils.py`); another site's page still gets nothing, for no header allows it to read.
        """

    @web.authenticated
    async def head(self, path: str) -> None:  # type: ignore[override]
        """Answer as `get` does, without the body."""
        await super().head(path)

    @web.authenticated
    async def get(self, path: str, include_body: bool = True) -> None:  # type: ignore[override]
        """Send the file at `path` inside the folder, or the `index.html` of the folder at `path`."""
        if "\0" in path:  # no file system has such a name, and Python refuses to ask for it
            raise web.HTTPError(404)
        self.xsrf_token  # noqa: B018 - sets the cookie that the page's script sends back with its API calls
        self.path = self.parse_url_path(path)
        found = self.validate_absolute_path(self.root, self.get_absolute_path(self.root, self.path))
        if found is None:  # redirected to the folder's address, the one with the slash
            return
        if found.endswith(".html"):
            self._send_page(found)
            # Whoever reads may run a cell soon. A hub may have set up kernels of another kind.
            getattr(self.kernel_manager, "keep_warm", lambda: None)()
        else:
            await super().get(path, include_body)

    def _send_page(self, file: str) -> None:
        self.absolute_path = file
        self.page = mark(Path(file).read_bytes(), self.base_url)
        self.modified = self.get_modified_time()
        self.set_headers()
        if self.should_return_304():
            self.set_status(304)
        else:
            self.write(self.page)

    def compute_etag(self) -> str | None:
        """Return a tag of what is sent: a page's marked text, any other file's age and size.

        Not tornado's, which hashes each file once and then keeps that answer after a rebuild.
        """
        if self.page is not None:
            return f'"{hashlib.sha256(self.page).hexdigest()[:32]}"'
        if self.absolute_path is None:
            return None
        status = os.stat(self.absolute_path)
        return f'"{status.st_mtime_ns:x}-{status.st_size:x}"'

    def get_content_type(self) -> str:
        """Return the media type by the file's name."""
        return content_type(self.absolute_path or "")

    def get_cache_time(self, *_: Any) -> int:
        """Never let a file be used unasked: an author rebuilds while the browser is open."""
        return 0

    def set_extra_headers(self, path: str) -> None:
        """Let the browser keep every file, and ask each time whether it is still true."""
        self.set_header("Cache-Control", "no-cache")

    def write_error(self, status_code: int, **_: Any) -> None:
        """Answer with a page that says what happened and leads back to the start."""
        start = url_path_join(self.base_url, "course/")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(pages.not_found(start) if status_code == 404 else pages.failed(start, status_code))
