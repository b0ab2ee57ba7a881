"""On paper a page is its text: nothing to press, nothing cut off, light whatever the screen was."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from readers import LESSONS, PAGES, open_everything

from course.proof.browser_page import Site

pytestmark = pytest.mark.browser
SHEETS = sorted(path.stem for path in (Path(__file__).parents[2] / "cheatsheets").glob("*.md"))
WIDTH, HEIGHT = 673, 987  # A4 without its margins, in CSS pixels
# What is for the screen alone, what is wider than the paper, what a box cuts off, and what is too pale to read.
LOOK = """() => {
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const told = (element) => element.outerHTML.slice(0, 160);
  const all = [...document.body.querySelectorAll("*")].filter((element) => shown(element)
    && !element.closest(".visually-hidden"));
  const pressed = all.filter((element) => element.matches("button, select, nav, header, footer, [role=group] button"));
  const boxes = all.filter((element) => !element.closest("svg, input, textarea"));
  const wide = boxes.filter((element) => element.getBoundingClientRect().right > innerWidth + 1);
  const cut = boxes.filter((element) => getComputedStyle(element).overflowX !== "visible"
    && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1));
  const light = (element) => { // each part of the colour between 0 and 255
    const [red, green, blue] = getComputedStyle(element).color.match(/[\\d.]+/g).map(Number);
    return red + green + blue > 480;
  };
  const pale = all.filter((element) => element.matches("p, li, pre, pre span, td, h1, h2, h3") && light(element));
  return Object.fromEntries(Object.entries({ pressed, wide, cut, pale })
    .map(([name, found]) => [name, found.slice(0, 5).map(told)]).filter(([, found]) => found.length));
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_printed_is_the_text_and_all_of_it(site: Site, browser: Browser, scheme: str) -> None:
    with browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=scheme) as context:
        page, found = context.new_page(), {}
        for name in PAGES:
            page.goto(site.address + name, wait_until="networkidle")
            page.emulate_media(media="print")
            found[name] = page.evaluate(LOOK)
            page.emulate_media(media="screen")
            if name in LESSONS and open_everything(page):
                page.emulate_media(media="print")
                found[f"{name}, all opened"] = page.evaluate(LOOK)
                page.emulate_media(media="screen")
        assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_cheatsheet_is_two_pages_at_most(site: Site, browser: Browser, sheet: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site.address}cheatsheets/{sheet}.html", wait_until="networkidle")
        paper = page.pdf(prefer_css_page_size=True)
        assert 1 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 2
        page.emulate_media(media="print")
        assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('pre')).fontSize)") >= 7
