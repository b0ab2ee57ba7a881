"""Links to terms show the definition in a card: by pointer and keyboard, inside the window, and never in the way."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import site_files
import synthetic_book as book
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from course.site import scripts
from course.site.build import BuildError, build

pytestmark = pytest.mark.browser
GLOSSARY = """# Glossary

Words with a fixed meaning.

## Terms

### ASGI

The server awaits `app(scope)`, *once* for <each> connection & **twice** never; see [the unit](#term-unit-of-work).

A second paragraph, which stays on its page.

### Unit of work

All changes that belong together.
"""
LONG = " ".join(["Words that make the paragraph wide enough for a link at the end of its line."] * 3)
PAGE = f"""# Links

First an [ASGI](glossary.md#term-asgi) server.

{LONG} A [unit of work](glossary.md#term-unit-of-work), and [code `asgi`](glossary.md#term-asgi).

A [page](glossary.md), a [section](#a-section).

## A section

{" ".join([LONG] * 40)}

[ASGI](glossary.md#term-asgi) at the end.
"""
ASGI = "The server awaits app(scope), once for <each> connection & twice never; see the unit."


def written(folder: Path, glossary: str = GLOSSARY) -> Path:
    shutil.copytree(scripts.bundle(book.ROOT), folder / scripts.BUNDLES, dirs_exist_ok=True)
    shutil.copy(book.ROOT / "package-lock.json", folder)
    return book.small(folder, {"book/links.md": PAGE, "book/glossary.md": glossary})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(written(tmp_path_factory.mktemp("cards"))).resolve()


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with site_files.served(site.parent) as base:  # in a sub-path
        yield f"{base}{site.name}/book/links.html"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page with links, opened; at the end nothing has gone wrong in it."""
    wrong: list[str] = []
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        opened = context.new_page()
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        opened.goto(address, wait_until="networkidle")
        yield opened
    assert wrong == []


def card(page: Page) -> Locator:
    return page.get_by_role("tooltip")


def link(page: Page, name: str = "ASGI") -> Locator:
    return page.locator("main").get_by_role("link", name=name, exact=True).first


def inside(page: Page) -> bool:
    """Say whether the card lies in the window, and beside its link without covering it."""
    box, term = card(page).bounding_box(), page.locator("[aria-describedby]").bounding_box()
    assert box
    assert term
    width, height = page.evaluate("[document.documentElement.clientWidth, innerHeight]")
    beside = box["y"] >= term["y"] + term["height"] - 1 or box["y"] + box["height"] <= term["y"] + 1
    return beside and box["x"] >= 0 and box["y"] >= 0 and box["x"] + box["width"] <= width and (
        box["y"] + box["height"] <= height)


def test_the_definitions_are_one_file_with_code_and_emphasis_and_without_links(site: Path) -> None:
    cards = json.loads((site / "_static/run/glossary.json").read_text(encoding="utf-8"))
    assert cards["term-asgi"] == ["ASGI", "The server awaits <code>app(scope)</code>, <em>once</em> for &lt;each&gt; "
                                  "connection &amp; <strong>twice</strong> never; see the unit."]
    assert sorted(cards) == ["term-asgi", "term-unit-of-work"]


def test_a_term_without_a_definition_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"book/glossary.md:\d+: 'Empty' has no definition; begin with a paragraph"):
        build(written(tmp_path, GLOSSARY + "\n### Empty\n\n- a list\n"))


def test_nothing_is_fetched_before_a_term_is_pointed_at(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page, asked = context.new_page(), []
        page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
        page.goto(address, wait_until="networkidle")
        link(page, "section").hover()
        page.keyboard.press("Tab")
        assert not [name for name in asked if re.match(r"card|glossary", name)]
        link(page).hover()
        expect(card(page)).to_have_text(f"ASGI{ASGI}")
        assert [name for name in asked if name == "glossary.json"] == ["glossary.json"]


def test_the_pointer_brings_the_card_may_enter_it_and_takes_it_away(page: Page) -> None:
    link(page).hover()
    expect(card(page)).to_be_visible()
    expect(card(page).locator("code")).to_have_text("app(scope)")
    assert inside(page)
    expect(link(page)).to_have_accessible_description(f"ASGI {ASGI}")
    card(page).locator("code").hover()
    page.wait_for_timeout(600)  # longer than a card stays without its pointer
    expect(card(page)).to_be_visible()
    page.mouse.move(5, 700)
    expect(card(page)).to_be_hidden()
    expect(page.locator("[aria-describedby]")).to_have_count(0)


def test_it_stays_for_the_pointer_when_the_keyboard_goes_on(page: Page) -> None:
    link(page).focus()
    card(page).hover()
    link(page).blur()
    page.wait_for_timeout(600)  # longer than a card stays without its link
    expect(card(page)).to_be_visible()


def test_a_pointer_that_has_gone_by_brings_no_card_however_late_the_words_come(page: Page) -> None:
    held: list[Route] = []
    page.route("**/run/glossary.json", lambda route: held.append(route))
    with page.expect_request("**/run/glossary.json"):
        link(page).hover()
    page.wait_for_timeout(600)  # longer than the pointer must rest
    page.mouse.move(5, 700)
    with page.expect_response("**/run/glossary.json"):
        held[0].continue_()
    page.wait_for_timeout(100)
    expect(card(page)).to_have_count(0)


def test_the_keyboard_brings_the_card_and_escape_takes_it_away(page: Page) -> None:
    link(page, "ASGI").evaluate("link => { link.previousSibling.before(Object.assign(document.createElement('button'), "
                                "{ id: 'before' })); }")
    page.locator("#before").focus()
    page.keyboard.press("Tab")
    expect(card(page)).to_contain_text(ASGI)
    assert inside(page)
    expect(link(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    expect(link(page)).to_be_focused()
    page.keyboard.press("Tab")
    expect(card(page)).to_contain_text("All changes that belong together.")
    page.keyboard.press("Shift+Tab")
    expect(card(page)).to_contain_text(ASGI)


def test_escape_is_for_the_card_alone_and_it_stays_away_until_the_pointer_comes_again(page: Page) -> None:
    page.evaluate("document.addEventListener('keydown', (event) => { window.heard = event.key; })")
    asgi = link(page, "code asgi")
    asgi.hover()
    expect(card(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    assert page.evaluate("window.heard") is None
    asgi.locator("code").hover()
    page.wait_for_timeout(600)  # longer than the pointer must rest
    expect(card(page)).to_be_hidden()
    page.mouse.move(5, 700)
    asgi.hover()
    expect(card(page)).to_be_visible()


@pytest.mark.parametrize("width", [390, 320])
@pytest.mark.parametrize("name", ["ASGI", "unit of work", "code asgi"])
def test_on_a_narrow_window_the_card_stays_inside(page: Page, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    link(page, name).hover()
    expect(card(page)).to_be_visible()
    assert inside(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_at_the_end_of_a_page_it_opens_above_and_scrolls_with_its_link(page: Page) -> None:
    last = page.get_by_role("link", name="ASGI", exact=True).last
    last.evaluate("link => { link.scrollIntoView({ block: 'end' }); link.focus(); }")
    expect(card(page)).to_be_visible()
    assert inside(page)
    apart = """() => [...document.querySelectorAll("[aria-describedby], .term-card")]
        .map((element) => element.getBoundingClientRect().y).reduce((link, card) => link - card)"""
    before = page.evaluate(apart)
    assert before > 0
    assert page.evaluate(f"() => {{ scrollBy(0, -60); return ({apart})(); }}") == before


def test_a_browser_without_popovers_shows_it_too(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script("delete HTMLElement.prototype.showPopover; delete HTMLElement.prototype.hidePopover;"
                             "delete HTMLElement.prototype.popover;"
                             "const set = Element.prototype.setAttribute; Element.prototype.setAttribute ="
                             " function (name, value) { if (name !== 'popover') set.call(this, name, value); }")
        page.goto(address)
        link(page).hover()
        expect(card(page)).to_be_visible()
        assert inside(page)
        page.keyboard.press("Escape")
        expect(card(page)).to_be_hidden()


@pytest.mark.parametrize("lost", ["**/run/glossary.json", "**/run/card-*.mjs"])
def test_what_cannot_be_fetched_leaves_a_link(browser: Browser, address: str, lost: str) -> None:
    with browser.new_context() as context:
        page, wrong = context.new_page(), []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(address)
        page.route(lost, lambda route: route.abort())
        with page.expect_event("requestfailed"):
            link(page).hover()
        page.wait_for_timeout(600)  # longer than the pointer must rest
        expect(card(page)).to_have_count(0)
        link(page).click()
        page.wait_for_url("**/glossary.html#term-asgi")
        assert wrong == []


def test_definitions_that_failed_to_come_are_asked_for_again(page: Page) -> None:
    page.route("**/run/glossary.json", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        link(page).hover()
    page.unroute("**/run/glossary.json")
    link(page, "unit of work").hover()
    expect(card(page)).to_contain_text("All changes")


def test_a_tap_follows_the_link(browser: Browser, address: str) -> None:
    with browser.new_context(has_touch=True, viewport={"width": 390, "height": 700}) as context:
        page, asked = context.new_page(), []

        def note(request: Request) -> None:
            asked.append(request.url.rsplit("/", 1)[-1])

        page.on("request", note)
        page.goto(address)
        link(page).tap()
        page.wait_for_url("**/glossary.html#term-asgi")
        assert "glossary.json" not in asked


def test_the_glossarys_own_links_have_cards_and_its_heading_marks_have_none(page: Page, address: str) -> None:
    page.goto(address.replace("links", "glossary"))
    link(page, "the unit").hover()
    expect(card(page)).to_contain_text("All changes that belong together.")
    page.mouse.move(5, 700)
    expect(card(page)).to_be_hidden()
    page.locator("#term-asgi .headerlink").hover()
    page.wait_for_timeout(600)  # longer than the pointer must rest
    expect(card(page)).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_has_the_colours_of_the_page(browser: Browser, address: str, scheme: str) -> None:
    with browser.new_context(color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(address)
        link(page).hover()
        expect(card(page)).to_be_visible()
        colours = "element => [getComputedStyle(element)].map((style) => [style.color, style.backgroundColor])[0]"
        assert card(page).evaluate(colours) == page.locator("body").evaluate(colours)
