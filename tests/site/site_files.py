"""Reading a built site: its pages, their links, and a server for it."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

# Elements that make the browser fetch what their attribute names.
FETCHING = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "video": "src",
            "audio": "src", "object": "data", "embed": "src", "use": "href", "image": "href"}


def pages(site: Path) -> list[str]:
    """The site's pages, relative to its root."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html")
                  if "_static" not in path.parts)


def soup(site: Path, page: str) -> BeautifulSoup:
    return BeautifulSoup((site / page).read_text(encoding="utf-8"), "html.parser")


def foreign(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme not in ("", "data")


def fetched(page: BeautifulSoup) -> list[str]:
    """All addresses that the page makes the browser fetch by itself."""
    return [str(element[attribute]) for name, attribute in FETCHING.items() for element in page.find_all(name)
            if element.get(attribute)]


def broken_links(site: Path) -> list[str]:
    """Links from page to page of the site whose page or fragment does not exist."""
    parsed = {page: soup(site, page) for page in pages(site)}
    ids = {page: {str(element["id"]) for element in tree.select("[id]")} for page, tree in parsed.items()}
    found = []
    for page, tree in parsed.items():
        for link in tree.select("a[href]"):
            parts = urlsplit(str(link["href"]))
            if parts.scheme or parts.netloc:
                continue
            target = (site / page).parent.joinpath(unquote(parts.path)).resolve() if parts.path else (site / page)
            name = target.relative_to(site.resolve()).as_posix() if target.is_relative_to(site.resolve()) else ""
            lost = parts.fragment and name in ids and unquote(parts.fragment) not in ids[name]
            if not target.is_file() or lost:
                found.append(f"{page}: {link['href']}")
    return found


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve the folder on a free port of this machine; gives the address, which ends in a slash."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
