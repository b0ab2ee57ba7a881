"""What the tests of reading share: the pages of the course, ways to look at them, and a page with all of it opened."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from course import repository
from course.check.reading_order import ENTRY

ROOT = repository.root(Path(__file__).parent)
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
NAMES = [*ENTRY.findall((ROOT / "_toc.yml").read_text(encoding="utf-8")), "search"]
PAGES = [f"{name}.html" for name in NAMES]  # a new lesson is one of them by itself
LESSONS = [f"{name}.html" for name in NAMES if (ROOT / f"{name}.ipynb").is_file()]
LANDING, PROGRESS, TEMPLATE = PAGES[0], "book/progress.html", "book/template_lesson.html"
WIDTHS = (1280, 390)
ALL = tuple((scheme, width) for scheme in ("light", "dark") for width in WIDTHS)
CROSSED = (("light", 1280), ("dark", 390))  # half the time; what opens is the same on each lesson, and on the template
AT = "2026-03-01T10:00:00Z"

# Coloured words of code are most of a lesson's elements. One of each kind in each kind of box stays: its twins, which
# the same rules paint on the same ground, become plain text, and axe needs a third of the time.
_FEWER = """() => {
  const seen = new Set(), twins = [];
  for (const word of document.querySelectorAll("div.highlight pre span, .cm-line span")) {
    let kind = word.className;
    for (let box = word.parentElement; box && !box.matches("section, article"); box = box.parentElement) {
      kind += ` < ${box.localName}.${box.className}`;
    }
    if (seen.has(kind)) twins.push(word);
    seen.add(kind);
  }
  for (const word of twins.reverse()) word.replaceWith(...word.childNodes);
}"""
# The page hears of its new width with the next frame, and only then makes what scrolls reachable.
_DRAWN = "() => new Promise((drawn) => { requestAnimationFrame(() => requestAnimationFrame(drawn)); })"
_RUN = "(only) => axe.run(document, { resultTypes: ['violations'], ...only }).then(({ violations }) => violations)"
# Answers every question, right and wrong in turn; opens the first editor, all players, and whatever is folded.
_OPEN = """() => {
  for (const [at, quiz] of [...document.querySelectorAll("course-quiz")].entries()) {
    const right = [...quiz.querySelectorAll(".quiz-answers [data-right]")].map(({ dataset }) => dataset.option);
    for (const input of quiz.querySelectorAll("fieldset input")) {
      if (input.type === "text") input.value = "one";
      else input.checked = input.type === "radio" ? true : right.includes(input.value) === (at % 2 === 0);
    }
    const chosen = quiz.querySelector(`input[type=radio][value="${right[0]}"]`);
    if (chosen && at % 2 === 0) chosen.checked = true;
    quiz.querySelector(".quiz-check")?.click();
  }
  for (const step of document.querySelectorAll(".player-button[value=next]")) step.click();
  [...document.querySelectorAll(".cell-bar button")].find(({ textContent }) => textContent === "Edit")?.click();
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const opening = document.querySelectorAll(".player-bar").length;
  return { answered: document.querySelectorAll("course-quiz").length, opening,
    editors: document.querySelector(".cell-bar") ? 1 : 0 };
}"""
_OPENED = """({ answered, opening, editors }) =>
  document.querySelectorAll(".quiz-verdict > *:first-child").length >= answered
  && document.querySelectorAll(".player-bar[data-on]").length >= opening
  && document.querySelectorAll(".cell-editor").length >= editors"""


def open_everything(page: Page) -> bool:
    """Answer, play, edit and unfold whatever the page has, and wait for it; return whether it has any of it."""
    opened = page.evaluate(_OPEN)
    page.wait_for_function(_OPENED, arg=opened)
    return any(opened.values())


def violations(page: Page, combinations: tuple[tuple[str, int], ...] = ALL) -> list[str]:
    """What axe finds at each (colours, width). The page is of no use afterwards: much of its code is plain."""
    page.evaluate(_FEWER)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = []
    for scheme, width in combinations:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(_DRAWN)
        # Light and dark differ in their colours alone.
        only = {"runOnly": ["color-contrast"]} if scheme == "dark" and ("light", width) in combinations else {}
        found += [f"{scheme}, {width} px: {_told(one)}" for one in page.evaluate(_RUN, only)]
    return found


def _told(one: dict[str, Any]) -> str:
    places = "; ".join(f"{node['html'][:200]} ({node['failureSummary']})" for node in one["nodes"][:3])
    return f"{one['id']}: {one['help']}, at {len(one['nodes'])} places, such as {places}"
