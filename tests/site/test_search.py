"""The search as readers use it: the dialog, what it finds and does not find, and what happens without it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import site_files
import synthetic_book
from playwright.sync_api import Browser, Page, expect

from course.proof import bench_search

pytestmark = [pytest.mark.built_site, pytest.mark.browser]
LESSON = "tiers/2_api_development/dependency_injection.html"
NOT_FOUND = ("details.hint", "details.solution", "details.quiz-answers", "course-quiz form")
QUESTIONS = bench_search.questions(synthetic_book.ROOT)
ENOUGH = 0.95


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with browser.new_context() as context:
        opened = context.new_page()
        opened.goto(address + LESSON)
        yield opened


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _found(page: Page) -> list[str]:
    return page.locator(".search-title").all_inner_texts()


def test_the_first_result_is_right(page: Page, address: str) -> None:
    wrong = []
    for question in QUESTIONS:
        place = bench_search.first_of_dialog(page, address, question.ask)
        if not question.is_answered(place):
            wrong.append(f"{question.ask}: {place or 'nothing'} instead of {', '.join(question.at)}")
    assert len(wrong) <= len(QUESTIONS) * (1 - ENOUGH), "\n".join(wrong)


def test_the_questions_name_places_that_exist_and_enough_are_misspelt(site: Path) -> None:
    ids = {page: {str(element["id"]) for element in site_files.soup(site, page).select("[id]")} | {""}
           for page in site_files.pages(site)}
    lost = [f"{question.ask}: {place}" for question in QUESTIONS for place in question.at
            if place.partition("#")[2] not in ids.get(place.partition("#")[0] + ".html", ())]
    assert lost == []
    assert len(QUESTIONS) >= 40
    assert sum(question.typo for question in QUESTIONS) >= len(QUESTIONS) / 4


def test_hints_solutions_and_answers_are_not_found(site: Path, page: Page) -> None:
    hidden, shown = set(), set()
    for name in site_files.pages(site):
        soup = site_files.soup(site, name)
        for part in soup.select(", ".join(NOT_FOUND)):
            hidden |= _words(part.get_text())
            part.decompose()
        shown |= _words(soup.get_text())
    secret = sorted(hidden - shown)
    assert len(secret) > 50
    assert not set(secret) & set(json.loads((site / "pagefind" / "words.json").read_text(encoding="utf-8")))
    for word in sorted(secret, key=len)[-3:]:
        bench_search.ask_dialog(page, word)
        assert f"No page has the word '{word}'" in page.locator(".search-said").inner_text()


def test_nothing_is_loaded_before_it_is_opened(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page, asked = context.new_page(), []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address + LESSON, wait_until="networkidle")
        assert not [url for url in asked if "/pagefind/" in url or "dialog-" in url or "search.css" in url]
        page.keyboard.press("/")
        bench_search.ask_dialog(page, "deadlock")
        assert [url for url in asked if url.endswith("pagefind.js")]


@pytest.mark.parametrize("key", ["Control+k", "Meta+k", "/"])
def test_keys_open_it_and_escape_gives_the_focus_back(page: Page, key: str) -> None:
    link = page.locator(".brand")
    link.focus()
    page.keyboard.press(key)
    expect(page.locator(".search-dialog input")).to_be_focused()
    expect(page.locator(".search-dialog input")).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.locator(".search-dialog")).to_be_hidden()
    expect(link).to_be_focused()


def test_a_slash_in_a_field_is_a_slash(page: Page) -> None:
    page.locator("article").evaluate("one => one.insertAdjacentHTML('afterbegin', '<textarea id=try></textarea>')")
    page.locator("#try").press_sequentially("a/b")
    expect(page.locator("#try")).to_have_value("a/b")
    assert not page.locator(".search-dialog[open]").count()


def test_the_field_in_the_header_hands_over_what_is_typed(page: Page) -> None:
    page.locator(".site-header .site-search input").focus()
    page.keyboard.insert_text("dead")
    field = page.locator(".search-dialog input")
    expect(field).to_be_focused()
    page.keyboard.insert_text("lock")
    expect(field).to_have_value("deadlock")
    expect(page.locator(".search-title").first).to_have_text("Deadlock")


def test_arrows_choose_and_enter_opens(page: Page, address: str) -> None:
    bench_search.ask_dialog(page, "row lock")
    field, options = page.locator(".search-dialog input"), page.locator('.search-dialog [role="option"]')
    seen = [field.get_attribute("aria-activedescendant")]
    for key in ("ArrowDown", "ArrowUp", "ArrowUp", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
        seen.append(field.get_attribute("aria-activedescendant"))
    last = options.last.get_attribute("id")
    assert seen == ["search-result-0", "search-result-1", "search-result-0", last, "search-result-0", "search-result-1"]
    chosen = page.locator('.search-dialog [aria-selected="true"]')
    address = chosen.evaluate("link => link.href")
    page.keyboard.press("Enter")
    page.wait_for_url(address)


def test_enter_waits_for_the_answer(page: Page, address: str) -> None:
    page.keyboard.press("Control+k")
    expect(page.locator(".search-dialog input")).to_be_focused()
    page.keyboard.insert_text("deadlok")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}book/glossary.html#term-deadlock")


def test_a_result_on_this_page_closes_the_dialog(page: Page, address: str) -> None:
    bench_search.ask_dialog(page, "guards: dependencies that may refuse")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}{LESSON}#guards-dependencies-that-may-refuse")
    expect(page.locator(".search-dialog")).to_be_hidden()


def test_results_are_grouped_counted_and_marked(page: Page) -> None:
    bench_search.ask_dialog(page, "deadlock")
    status = page.locator(".search-dialog [role=status]").inner_text()
    groups = page.locator('.search-dialog [role="group"]').count()
    while page.locator(".search-more").count():
        page.locator(".search-more").first.click()
    assert status == f"{len(_found(page))} places on {groups} pages."
    assert "Tier 3" in page.locator(".search-page", has_text="Transactions").inner_text()
    assert page.locator(".search-text mark").first.inner_text().lower().startswith("deadlock")


def test_a_page_with_many_places_leaves_room_for_others(page: Page) -> None:
    bench_search.ask_dialog(page, "dependency")
    places = page.locator('.search-dialog [role="group"]').first.get_by_role("option")
    expect(places).to_have_count(5)
    more = int(places.last.inner_text().split()[0])
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(places).to_have_count(4 + more)
    expect(places.nth(4)).to_have_attribute("aria-selected", "true")
    expect(page.locator(".search-dialog")).to_be_visible()


@pytest.mark.parametrize(("asked", "says", "first"), [
    ("kubernetes", "No page has the word 'kubernetes', nor one that is near.", ""),
    ("kubernetes deadlock", "No page has the word 'kubernetes' exactly; these come nearest: ", "Deadlock"),
    ("depndency injektion", "No page has the words 'depndency' and 'injektion' exactly; these come nearest: ",
     "Dependency injection")])
def test_it_says_which_word_no_page_has(page: Page, asked: str, says: str, first: str) -> None:
    bench_search.ask_dialog(page, asked)
    assert page.locator(".search-said").inner_text().startswith(says)
    assert _found(page)[:1] == ([first] if first else [])


@pytest.mark.parametrize("broken", ["pagefind.js", "words.json", "*.pf_meta", "*.pf_index", "*.pf_fragment", "wasm.*"])
def test_without_a_part_of_its_index_it_leads_to_the_search_page(page: Page, address: str, broken: str) -> None:
    page.route(f"**/pagefind/**/{broken}", lambda route: route.abort())
    page.route(f"**/pagefind/{broken}", lambda route: route.abort())
    bench_search.ask_dialog(page, "deadlock")
    assert "could not be loaded" in page.locator(".search-said").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}search.html?q=deadlock")
    expect(page.locator("#search-results li a").first).to_be_visible()


def test_without_its_script_the_field_still_leads_to_the_search_page(page: Page, address: str) -> None:
    page.route("**/dialog-*.mjs", lambda route: route.abort())
    page.locator(".site-header .site-search input").click()
    page.keyboard.insert_text("deadlock")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}search.html?q=deadlock")


def test_without_scripts_the_field_leads_to_the_search_page(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address + LESSON)
        page.locator(".site-header .site-search input").fill("deadlock")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}search.html?q=deadlock")


def test_on_a_phone_the_link_opens_it(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        page.goto(address + LESSON)
        page.locator(".search-link").click()
        bench_search.ask_dialog(page, "deadlock")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.locator(".search-dialog").evaluate("one => one.getBoundingClientRect().right <= innerWidth")
