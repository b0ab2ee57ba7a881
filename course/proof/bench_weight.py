"""What each kind of page weighs before anything runs, ours and in a default Jupyter Book, as Chromium loads it."""

import gzip
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Response

from course.proof import browser_server, chromium

# A page of each kind; the first lesson of a kind stands for all, its pictures included.
KINDS = {"landing": "book/index.html", "lesson": "tiers/2_api_development/dependency_injection.html",
         "glossary": "book/glossary.html", "progress": "book/progress.html", "search": "search.html"}


@dataclass(frozen=True)
class Weight:
    """Bytes after gzip and requests of one page; `elsewhere`: requests to other hosts, which get no answer."""

    size: int
    requests: int
    elsewhere: int


def weigh(site: Path) -> dict[str, Weight]:
    """Return the weight of each kind of page of the built site in the folder `site`, with an empty cache."""
    with browser_server.serve({"site": site}, "") as address, chromium.launch() as browser:
        return {kind: _page(browser, f"{address}/site/", path) for kind, path in KINDS.items()
                if (site / path).is_file()}


def _page(browser: Browser, address: str, path: str) -> Weight:
    answers: list[Response] = []
    elsewhere: list[str] = []
    with browser.new_context() as context:
        context.route(lambda url: not url.startswith((address, "data:", "blob:")), lambda route: route.abort())
        page = context.new_page()
        page.on("response", lambda answer: answers.append(answer))
        page.on("requestfailed", lambda request: elsewhere.append(request.url)
                if not request.url.startswith(address) else None)
        page.goto(address + path, wait_until="networkidle")
        ours = [answer for answer in answers if answer.url.startswith(address)]
        return Weight(sum(len(gzip.compress(answer.body(), 9)) for answer in ours), len(ours), len(elsewhere))
