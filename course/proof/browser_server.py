"""Serve a few folders on 127.0.0.1 to the browser that runs the cells, under the policy of the real site."""

import mimetypes
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

PAGE = b"<!doctype html><html lang=en><title>Cells under proof</title>"
# No other host, no code from strings: what works here works under the site's own policy.
POLICY = ("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; object-src 'none'; "
          "base-uri 'none'")
# Written out because Windows reads such types from its registry, where anything may stand.
TYPES = {".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json", ".zip": "application/zip"}


class Handler(BaseHTTPRequestHandler):
    """Answer GET from the served folders: a mapping from the first part of the path to a folder."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: object, folders: Mapping[str, Path], policy: str) -> None:
        self._folders = folders
        self._policy = policy
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Send the page at `/`, else the file, else 404."""
        path = unquote(urlsplit(self.path).path)
        if path == "/":
            self._send(HTTPStatus.OK, "text/html; charset=utf-8", PAGE)
        elif (file := self._file(path)) is None:
            self._send(HTTPStatus.NOT_FOUND, "text/plain", b"no such file")
        else:
            kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            self._send(HTTPStatus.OK, kind, file.read_bytes())

    def _file(self, path: str) -> Path | None:
        first, _, rest = path.lstrip("/").partition("/")
        folder = self._folders.get(first)
        if folder is None:
            return None
        file = (folder / rest).resolve()
        return file if file.is_file() and file.is_relative_to(folder.resolve()) else None

    def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-cache")
        if self._policy:
            self.send_header("Content-Security-Policy", self._policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the proof reports cells, not requests."""


@contextmanager
def serve(folders: Mapping[str, Path], policy: str = POLICY,
          handler: Callable[..., Handler] = Handler) -> Iterator[str]:
    """Serve each folder under `/<key>/` on a free port; yield the address, `http://127.0.0.1:<port>`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, folders=folders, policy=policy))
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
