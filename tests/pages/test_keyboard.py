"""The keyboard reaches everything, in the order in which it stands on the page, and shows where it is."""

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from readers import LANDING, PROGRESS, TEMPLATE, WIDTHS

from course.proof.browser_page import Site

pytestmark = pytest.mark.browser
REGIONS = [".skip-link", ".site-header", ".site-nav", "main", ".prev-next", ".page-contents", ".site-footer"]

# Numbers what a keyboard has to reach; of a group of radio buttons it reaches one.
TARGETS = """() => {
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
  const groups = new Set();
  return all.filter((element) => {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.disabled) return false;
    if (element.type !== "radio") return true;
    return !groups.has(element.name) && groups.add(element.name);
  }).map((element, number) => { element.dataset.target = number; return element.outerHTML.slice(0, 120); });
}"""
# Where the focus is, what shows it, and whether anything lies over it.
STOP = """(regions) => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const { left, top, right, bottom } = element.getBoundingClientRect();
  let [across, down] = [scrollX, scrollY]; // of the window, and of the boxes that scroll in it
  for (let box = element.parentElement; box && box !== document.body; box = box.parentElement) {
    [across, down] = [across + box.scrollLeft, down + box.scrollTop];
  }
  const frames = [element, element.closest(".cell-editor"), element.parentElement].filter(Boolean).map((one) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !outlineColor.endsWith(", 0)");
  });
  const rows = [...element.getClientRects()];
  const seen = rows.some((row) => {
    const [x, y] = [(Math.max(row.left, 0) + Math.min(row.right, innerWidth)) / 2,
      (Math.max(row.top, 0) + Math.min(row.bottom, innerHeight)) / 2];
    const there = document.elementFromPoint(x, y);
    return there && (element.contains(there) || there.contains(element));
  });
  return { target: element.dataset.target ?? null, region: regions.findIndex((one) => element.closest(one)), seen,
    framed: frames.some(Boolean), left: left + across, top: top + down, right: right + across,
    bottom: bottom + down, html: element.outerHTML.slice(0, 120) };
}"""


def walk(browser: Browser, address: str, width: int) -> tuple[list[str], list[dict[str, Any]]]:
    """Press Tab from the top of the page until the focus leaves it; return what was to be reached, and the stops."""
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        page, stops = context.new_page(), []
        page.goto(address, wait_until="networkidle")
        targets = page.evaluate(TARGETS)
        while len(stops) < len(targets) + 50:
            page.keyboard.press("Tab")
            stop = page.evaluate(STOP, REGIONS)
            if stop is None or (stops and stop["html"] == stops[0]["html"]):
                break
            stops.append(stop)
        return targets, stops


def follows(stop: dict[str, Any], last: dict[str, Any]) -> bool:
    """Whether `stop` comes after `last` for who reads: in a later region, further down, or further right in the row."""
    if stop["region"] != last["region"]:
        return bool(stop["region"] > last["region"])
    if stop["top"] >= last["bottom"] - 2:
        return True
    return bool(stop["top"] >= last["top"] - 12 and (stop["left"] >= last["left"] or stop["bottom"] > last["bottom"]))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", [LANDING, TEMPLATE, PROGRESS])
def test_tab_goes_through_the_page_as_it_reads(site: Site, browser: Browser, name: str, width: int) -> None:
    targets, stops = walk(browser, site.address + name, width)
    reached = {int(stop["target"]) for stop in stops if stop["target"] is not None}
    assert [html for number, html in enumerate(targets) if number not in reached] == []
    assert [(last["html"], stop["html"]) for last, stop in pairwise(stops)
            if not follows(stop, last)] == []
    assert [stop["html"] for stop in stops if not stop["framed"]] == []
    assert [stop["html"] for stop in stops if not stop["seen"]] == []


def test_what_is_unfolded_can_be_scrolled_by_keyboard(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport={"width": 320, "height": 800}) as context:
        page = context.new_page()
        page.goto(site.address + TEMPLATE, wait_until="networkidle")
        box = page.locator(".solution pre").first
        page.locator(".solution").first.evaluate("fold => { fold.open = true; }")
        expect(box).to_have_attribute("tabindex", "0")
        assert box.evaluate("box => box.scrollWidth > box.clientWidth")
