"""A page of a built site in a real Chromium: what it complained about, what it asked for, what axe says of it."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import synthetic_book
from playwright.sync_api import Browser, Page

from course.check import progress

SLOW = 180_000  # milliseconds; a machine that is busy with other tests needs a while to start Python
_AXE = synthetic_book.ROOT / "node_modules" / "axe-core" / "axe.min.js"
_REPORT = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))"""


@dataclass
class Visit:
    """A page with its ears open from its first script on; `address` is where the site, or its page, is served."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.add_init_script(_REPORT)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text)
                     if message.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def went_well(self, site: str) -> None:
        """Nothing was complained about, and no other place than the site was asked."""
        assert self.complaints == []
        assert [url for url in self.requests if not url.startswith((site, "data:"))] == []


def returning(browser: Browser, address: str, where: str, made: progress.Progress) -> Page:
    """Return the page `where` of the site at `address`, as somebody with this progress sees it."""
    page = browser.new_page()
    page.goto(address + where)
    course = f"course /{address.split('/', 3)[3]} progress"  # the sub-path keeps two courses on one host apart
    for key, text in ((course, progress.dump(made)), ("returning", "yes")):
        page.evaluate("([key, text]) => localStorage.setItem(key, text)", [key, text])
    page.reload(wait_until="networkidle")
    return page


def violations(page: Page, place: str = "document") -> list[dict[str, Any]]:
    """Return what axe finds in the page or, with a selector, in a part of it."""
    page.evaluate(_AXE.read_text(encoding="utf-8"))  # no script element: the site's policy would refuse it
    argument = "document" if place == "document" else repr(place)
    found: list[dict[str, Any]] = page.evaluate(f"axe.run({argument}).then(({{ violations }}) => violations)")
    return found


def first_tier() -> tuple[list[str], str]:
    """Return the pages of the finished lessons of Tier 1 in order, and what their sum begins with, in words."""
    root = synthetic_book.ROOT
    names = re.findall(r"file: (tiers/1_foundations/\w+)", (root / "_toc.yml").read_text(encoding="utf-8"))
    lessons = [name for name in names if (root / f"{name}.ipynb").is_file()]
    tasks = sum(len(list((root / "exercises" / Path(name).name).glob("*/task.md"))) for name in names)  # the lab's too
    whole = len(lessons) == 10  # of a tier that lacks lessons the sum says how many are planned
    finished = "10 lessons read" if whole else f"{len(lessons)} finished lessons read (10 are planned)"
    return lessons, f"of {finished}, 0 of {tasks} exercises passed"
