"""Ask the search what learners ask, and Sphinx's own search the same.

The questions are in tests/site/search_questions.yml. One is answered when the first result leads to one of the places
that it names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml
from playwright.sync_api import Page

from course.proof import browser_server, chromium

QUESTIONS = Path("tests") / "site" / "search_questions.yml"
DIALOG = ".search-dialog"


@dataclass(frozen=True)
class Question:
    """What is typed, and the places of which one answers it: `book/glossary#term-task`, or a page as a whole."""

    ask: str
    at: tuple[str, ...]
    typo: bool = False
    blind: bool = False

    def is_answered(self, place: str) -> bool:
        """Say whether the place, a page and perhaps a section, is one of those."""
        return any(place == one or ("#" not in one and place.split("#")[0] == one) for one in self.at)

    def is_on(self, place: str) -> bool:
        """Say whether the place is at least on the right page."""
        return place.split("#")[0] in {one.split("#")[0] for one in self.at}


def questions(root: Path) -> list[Question]:
    """Return the questions of the course in the folder `root`. Raises OSError and yaml.YAMLError."""
    content = yaml.safe_load((root / QUESTIONS).read_text(encoding="utf-8"))
    return [Question(**{**one, "at": tuple(one["at"])}) for one in content["questions"]]


def place(address: str | None, site: str) -> str:
    """Return the page and the section of a link as the questions name them; empty for no link."""
    return (address or "").removeprefix(site).replace(".html", "", 1)


def ask_dialog(page: Page, question: str) -> None:
    """Type the question into the dialog of the page that is open, and wait for its answer, whatever it is."""
    if not page.locator(f"{DIALOG}[open]").count():
        page.keyboard.press("Control+k")
    page.locator(f"{DIALOG} input").fill(question)
    page.wait_for_function("""question => {
        const dialog = document.querySelector(".search-dialog");
        return dialog?.dataset.question === question && ["ready", "failed"].includes(dialog.dataset.state);
    }""", arg=question)


def first_of_dialog(page: Page, site: str, question: str) -> str:
    """Return the place to which our first result leads."""
    ask_dialog(page, question)
    links = page.locator(f'{DIALOG} [role="option"]')
    return place(links.first.evaluate("link => link.href"), site) if links.count() else ""


def first_of_sphinx(page: Page, site: str, question: str) -> str:
    """Return the place to which the first result of Sphinx's search page leads."""
    page.goto(f"{site}search.html")
    page.locator("article input[name=q]").fill(question)
    page.locator("article button[type=submit]").click()
    page.wait_for_function("""() => location.search
        && document.querySelector("#search-results > h2")?.textContent === 'Search Results'""")
    links = page.locator("#search-results li a")
    return place(links.first.evaluate("link => link.href"), site) if links.count() else ""


def rates(asked: list[Question], first: Callable[[str], str]) -> tuple[float, float, float]:
    """Return which parts of the questions have the right place first, the right page, and of the misspelt the place."""
    found = [(question, first(question.ask)) for question in asked]
    typos = [question.is_answered(place) for question, place in found if question.typo]
    return (sum(question.is_answered(place) for question, place in found) / len(found),
            sum(question.is_on(place) for question, place in found) / len(found), sum(typos) / max(1, len(typos)))


def report(root: Path) -> None:
    """Print the rates of both searches side by side."""
    asked = questions(root)
    print(f"\nThe first of what {len(asked)} questions find{'':<12} right place  right page  misspelt", flush=True)
    with browser_server.serve({"site": root / "_build" / "html"}, "") as address, chromium.launch() as browser:
        site, page = f"{address}/site/", browser.new_page()
        page.goto(f"{site}book/how_to_run.html")
        ways = {"the dialog": first_of_dialog, "Sphinx's search page": first_of_sphinx}
        for name, first in ways.items():
            found = rates(asked, lambda question, first=first: first(page, site, question))  # type: ignore[misc]
            print(f"  {name:<46}" + "".join(f"{rate:12.0%}" for rate in found), flush=True)
