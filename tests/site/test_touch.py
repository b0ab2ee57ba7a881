"""A page under a finger: what is pressed is large enough, and nothing lies over the code."""

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
SMALLEST = 44  # CSS pixels: WCAG 2.2, success criterion 2.5.5
PAGES = ("book/index.html", "book/progress.html", "tiers/1_foundations/asyncio_coroutines.html",
         "tiers/1_foundations/ready_for_foundations.html")
SMALL = """(smallest) => [...document.querySelectorAll("article :is(button, summary)")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < smallest)
  .map((one) => `${one.className} ${one.textContent.trim()} ${one.getBoundingClientRect().height}`)"""
COVERED = """() => [...document.querySelectorAll(".copy-button")].filter((button) => {
  const words = document.createRange();
  words.selectNodeContents(button.parentElement.querySelector("pre"));
  const edge = button.getBoundingClientRect().bottom;
  return [...words.getClientRects()].some(({ top, width }) => width && top < edge - 4);
}).map((button) => button.parentElement.innerText.slice(0, 60))"""  # a line's box begins above its letters
SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 400);
})"""


@pytest.mark.parametrize("name", PAGES)
def test_a_finger_hits_what_it_presses_and_sees_the_code(browser: Browser, address: str, name: str) -> None:
    with browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800}) as phone:
        page = phone.new_page()
        page.goto(address + name, wait_until="networkidle")
        assert page.evaluate(SHIFTS) < 0.01
        assert page.locator("article button").count()
        assert page.evaluate(SMALL, SMALLEST) == []
        assert page.evaluate(COVERED) == []
