"""What axe does not see: the order of headings, room at every width and zoom, no motion where none is wanted."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page
from readers import LESSONS, PAGES, open_everything

from course.proof.browser_page import Site

pytestmark = pytest.mark.browser
OUTLINE = """() => ({
  mains: document.querySelectorAll("main, [role=main]").length,
  levels: [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(({ localName }) => Number(localName[1])),
})"""
# What sticks out of the screen and is not inside a box that scrolls.
WIDE = """() => {
  const width = document.documentElement.clientWidth;
  const boxed = (element) => {
    for (let box = element; box && box !== document.body; box = box.parentElement) {
      if (box.matches(".visually-hidden, .skip-link") || getComputedStyle(box).overflowX !== "visible") return true;
    }
    return false;
  };
  const out = [...document.body.querySelectorAll("*")].filter((element) => element.getClientRects().length
    && element.getBoundingClientRect().right > width + 1 && !element.closest("svg svg, svg > *") && !boxed(element));
  return [document.documentElement.scrollWidth > width ? "the page scrolls sideways" : "",
    ...out.slice(0, 5).map((element) => element.outerHTML.slice(0, 160))].filter(Boolean);
}"""
MOVES = """() => [...document.querySelectorAll("*")].filter((element) => ["", "::before", "::after"].some((part) => {
  const { transitionDuration, animationName, animationDuration, scrollBehavior } = getComputedStyle(element, part);
  const long = (times) => times.split(", ").some((time) => parseFloat(time) > 0);
  return scrollBehavior === "smooth" || long(transitionDuration)
    || (animationName !== "none" && long(animationDuration));
})).slice(0, 5).map((element) => element.outerHTML.slice(0, 160))"""
# 200 % zoom on a screen of 1280, and the narrowest that pages have to fit (400 % zoom on the same screen).
SCREENS = {"390": (390, 1), "320": (320, 1), "zoomed": (640, 2)}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as context:
        yield context.new_page()


@pytest.mark.parametrize("name", PAGES)
def test_one_title_and_no_level_is_skipped(site: Site, page: Page, name: str) -> None:
    page.goto(site.address + name, wait_until="networkidle")
    found = page.evaluate(OUTLINE)
    assert found["mains"] == 1
    assert found["levels"].count(1) == 1
    skipped = [(one, other) for one, other in pairwise([0, *found["levels"]]) if other > one + 1]
    assert skipped == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_moves_for_who_wants_no_motion(site: Site, page: Page, name: str) -> None:
    page.goto(site.address + name, wait_until="networkidle")
    assert page.evaluate(MOVES) == []
    if name in LESSONS and open_everything(page):
        assert page.evaluate(MOVES) == []


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_sticks_out(site: Site, browser: Browser, screen: str) -> None:
    width, scale = SCREENS[screen]
    with browser.new_context(viewport={"width": width, "height": 800}, device_scale_factor=scale) as context:
        page, found = context.new_page(), {}
        for name in PAGES:
            page.goto(site.address + name, wait_until="networkidle")
            found[name] = page.evaluate(WIDE)
            if name in LESSONS and open_everything(page):
                found[f"{name}, all opened"] = page.evaluate(WIDE)
        assert {name: wide for name, wide in found.items() if wide} == {}
