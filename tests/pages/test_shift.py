"""Nothing moves while a page loads and its scripts come, for a newcomer and for who comes back."""

import json

import pytest
from playwright.sync_api import Browser
from readers import AT, LANDING, LESSONS, PROGRESS, ROOT, WIDTHS

from course.check import progress
from course.proof.browser_page import Site

pytestmark = pytest.mark.browser
MOST = 0.02  # sum of layout shifts; Chromium counts 0.1 as bad
WATCH = """window.shifts = [];
const told = (node) => node?.outerHTML?.slice(0, 120) ?? node?.nodeName;
window.observer = new PerformanceObserver((list) => { for (const one of list.getEntries()) note(one); });
const note = ({ value, sources }) => shifts.push([value, sources.map(({ node }) => told(node)).join(" ")]);
observer.observe({ type: "layout-shift", buffered: true });"""
# Two frames after the last file: what the scripts changed is painted, and what moved is told.
SETTLED = """async () => {
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  for (const { value, sources } of observer.takeRecords()) shifts.push([value, sources.length]);
  return shifts;
}"""


def begun(site: Site) -> str:
    """A document in which everything was read, passed and answered."""
    course = json.loads((ROOT / "_build" / "html" / "_static" / "run" / "course.json").read_text(encoding="utf-8"))
    made = progress.Progress()
    for lesson in [lesson for part in course["parts"] for lesson in part["lessons"]]:
        made = progress.read(made, lesson["name"], AT)
        for task in lesson["exercises"]:
            made = progress.passed(made, task["address"], AT, task["hash"])
        for question in lesson["questions"]:
            made = progress.answered(made, question["address"], AT, right=False, answer="none")
    return progress.dump(made)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("returning", [False, True], ids=["new", "returning"])
def test_nothing_moves(site: Site, browser: Browser, returning: bool, width: int) -> None:
    found = {}
    for name in [LANDING, *LESSONS, PROGRESS]:
        with browser.new_context(viewport={"width": width, "height": 800}, color_scheme="light") as context:
            page = context.new_page()
            if returning:
                page.goto(f"{site.address}_static/icon.svg")  # its storage is that of the pages
                page.evaluate("(kept) => { for (const [key, text] of Object.entries(kept)) localStorage[key] = text; }",
                              {f"course /{site.address.split('/', 3)[3]} progress": begun(site), "returning": "yes"})
            page.add_init_script(WATCH)
            page.goto(site.address + name, wait_until="networkidle")
            shifts = page.evaluate(SETTLED)
            if sum(value for value, _ in shifts) > MOST:
                found[name] = shifts
    assert found == {}
