"""The search as readers use it: the dialog, what it finds and does not find, and what happens without it."""

import gzip
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
MARKUP = re.compile(r"<br|\\\\|[Dd]uplicate implicit|System Message|WARNING/2|INFO/1")


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


def _said(page: Page, question: str) -> str:
    bench_search.ask_dialog(page, question)
    return page.locator(".search-said").inner_text()


def _fragments(site: Path) -> list[str]:
    """What the index shows of each section, without its code."""
    texts = [gzip.decompress(path.read_bytes()).decode() for path in (site / "pagefind" / "fragment").iterdir()]
    return [re.sub("\ue000.*?\ue001", "", json.loads(text[text.index("{"):])["content"], flags=re.DOTALL)
            for text in texts]


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


def test_no_result_shows_markup_or_what_is_said_to_authors(site: Path) -> None:
    texts = _fragments(site)
    assert len(texts) > 100
    assert [text for text in texts if MARKUP.search(text)] == []


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


@pytest.mark.parametrize(("asked", "says"), [
    ("travis", "1 place on 1 page."), ("savepoint", "{} places on {} pages."),
    ("event loop", "The best {} places, on {} pages."),
    ("savepoint coroutine", "No place has all these words. The best {} places, on {} pages.")])
def test_results_are_grouped_and_counted(page: Page, asked: str, says: str) -> None:
    status = _said(page, asked)
    groups = page.locator('.search-dialog [role="group"]').count()
    while page.locator(".search-more").count():
        page.locator(".search-more").first.click()
    assert status == says.format(len(_found(page)), groups)


def test_the_part_of_the_book_stands_beside_the_page(page: Page) -> None:
    bench_search.ask_dialog(page, "deadlock")
    assert "Tier 3: Data Persistence" in page.locator(".search-page", has_text="Transactions").inner_text()


@pytest.mark.parametrize(("asked", "marked"), [
    ("deadlock", {"deadlock"}), ("event lop", {"event", "loop"}), ("travis-ci.org", {"travis", "ci", "org"}),
    ("eventloop", {"event", "loop"}), ("sql", {"sql"}), ("postgres", {"postgresql", "postgres"})])
def test_what_was_found_is_marked_and_nothing_else(page: Page, asked: str, marked: set[str]) -> None:
    bench_search.ask_dialog(page, asked)
    found = {text.lower() for text in page.locator(".search-text mark").all_inner_texts()}
    assert marked <= found
    assert [text for text in found if not re.fullmatch(r"\w+", text)] == []
    assert [text for text in found if not text.startswith(tuple(one.rstrip("s") for one in marked))] == []


def test_prose_is_shown_before_code(page: Page) -> None:
    bench_search.ask_dialog(page, "event loop")
    same = page.locator('.search-dialog a[href$="#the-real-loop-prints-the-same-log"] .search-text')
    assert same.evaluate("one => one.localName") == "span"
    assert "print(" not in same.inner_text()
    bench_search.ask_dialog(page, "nullcontext")
    assert page.locator(".search-dialog code.search-text mark").first.inner_text() == "nullcontext"


def test_the_beginning_of_a_word_finds_what_the_word_finds(page: Page) -> None:
    both = []
    for asked in ("postgresql", "postgres"):
        bench_search.ask_dialog(page, asked)
        both.append([link.get_attribute("href") for link in page.locator('.search-dialog a[role="option"]').all()])
    assert len(both[0]) > 5
    assert both[0][:5] == both[1][:5]


def test_what_is_for_authors_comes_after_what_is_for_learners(page: Page) -> None:
    bench_search.ask_dialog(page, "condition")
    pages = page.locator(".search-page").all_inner_texts()
    authors = [place for place, name in enumerate(pages) if "For authors" in name]
    assert authors
    assert authors[0] > 1


def test_a_page_with_many_places_leaves_room_for_others(page: Page) -> None:
    bench_search.ask_dialog(page, "dependency")
    places = page.locator('.search-dialog [role="group"]').first.get_by_role("option")
    expect(places).to_have_count(5)
    more = int(places.last.inner_text().removesuffix(" more of them on this page"))
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(places).to_have_count(4 + more)
    expect(places.nth(4)).to_have_attribute("aria-selected", "true")
    expect(page.locator(".search-dialog")).to_be_visible()


@pytest.mark.parametrize(("asked", "says", "first"), [
    ("zookeeper", "No page has the word 'zookeeper', nor one that is near. Hints, solutions and answers are not", ""),
    ("zookeeper deadlock", "No page has the word 'zookeeper' exactly; these come nearest: ", "Deadlock"),
    ("TaskQueue", "No page has the word 'taskqueue' exactly; these come nearest: ", "Who runs next"),
    ("deadlock vs savepoint", "The best ", "Savepoint"), ("deadlock versus savepoint", "The best ", "Savepoint"),
    ("deadlock or savepoint", "The best ", "Savepoint"),
    ("depndency injektion", "No page has the words 'depndency' and 'injektion' exactly; these come nearest: ",
     "Dependency injection")])
def test_it_says_which_word_no_page_has(page: Page, asked: str, says: str, first: str) -> None:
    bench_search.ask_dialog(page, asked)
    assert page.locator(".search-said").inner_text().startswith(says)
    assert _found(page)[:1] == ([first] if first else [])


@pytest.mark.parametrize("broken", ["pagefind.js", "words.json", "*.pf_meta", "*.pf_index", "*.pf_fragment", "wasm.*"])
def test_without_a_part_of_its_index_it_leads_to_the_search_page(page: Page, address: str, broken: str) -> None:
    page.route(f"**/pagefind/**/{broken}", lambda route: route.abort())
    page.route(f"**/pagefind/{broken}*", lambda route: route.abort())  # a further try has a query
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
