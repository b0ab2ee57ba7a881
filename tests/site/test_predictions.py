"""A question that is a quote: a place to write, and an answer that stays folded with what the text says about it."""

from collections.abc import Iterator
from pathlib import Path

import cells_book as cells
import pytest
import site_files
import synthetic_book as book
from playwright.sync_api import Browser, BrowserContext, Page, expect

ASKED = "## Asked\n\nText.\n\n> **Predict.** How many lines?"
TOLD = "Two, and\nthey are:\n\n- one\n- two\n\nThe next question is another."
PAGE = f"{cells.LESSON}.html"
PLAIN = "A quote is not a question:\n\n> **Note.** How many lines?"

FORBIDDEN = """Object.defineProperty(window, "localStorage", { get() { throw new Error("forbidden"); } });"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    answer = book.code('print("one\\ntwo")', book.stream("one\ntwo\n"))
    other = book.code('print("two")', book.stream("two\n"))
    lesson = book.notebook(book.markdown(ASKED), answer, book.markdown(TOLD), book.markdown(PLAIN),
                           other, title="Asked")
    return cells.publish(tmp_path_factory.mktemp("asked"), lesson)


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    with site_files.served(site) as base:
        yield base + PAGE


def hidden(page: Page) -> list[str]:
    """Return the words of what belongs to the folded output and is not seen."""
    return [part.inner_text() for part in page.locator(".told").all() if not part.is_visible()]


def test_what_tells_the_answer_belongs_to_it_and_no_more(site: Path) -> None:
    page = site_files.soup(site, PAGE)
    assert [part.get_text(" ", strip=True) for part in page.select(".told")] == ["Two, and\nthey are:", "one two"]
    assert page.select_one(".fold > summary > .collapsed").get_text() == "Show the output and why"
    assert len(page.select(".prediction")) == len(page.select("blockquote .prediction textarea")) == 1


@pytest.mark.browser
def test_it_is_seen_with_the_output(browser: Browser, address: str) -> None:
    for scripts in (True, False):
        with browser.new_context(java_script_enabled=scripts) as context:
            page = context.new_page()
            page.goto(address)
            assert not page.get_by_text("they are:").is_visible()
            assert page.get_by_text("The next question is another.").is_visible()
            page.get_by_text("Show the output and why").click()
            assert page.get_by_text("they are:").is_visible()
            assert hidden(page) == []
            page.get_by_text("Hide the output").click()
            page.emulate_media(media="print")
            assert hidden(page) == [], "paper has no summary to press"


@pytest.mark.browser
def test_what_is_written_is_there_after_a_reload_and_in_another_tab(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Your prediction").fill("Three lines")
    page.reload()
    expect(page.get_by_label("Your prediction")).to_have_value("Three lines")
    page.get_by_label("Your prediction").fill("")
    other = context.new_page()
    other.goto(address)
    expect(other.get_by_label("Your prediction")).to_have_value("")


@pytest.mark.browser
def test_where_nothing_may_be_kept_the_page_still_works(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(FORBIDDEN)
    page.goto(address)
    page.get_by_label("Your prediction").fill("Three lines")
    assert complaints == []
