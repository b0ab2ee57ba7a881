"""The real site in a real browser: quiet, self-contained, and never wider than the screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import site_files
from playwright.sync_api import Browser, Page

from course.proof import chromium

pytestmark = [pytest.mark.built_site, pytest.mark.browser]
NAMED = "tiers/2_api_development/a_lesson.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.launch() as opened:
        yield opened


def _watch(page: Page, base: str) -> list[str]:
    """Note what a quiet page does not do."""
    seen: list[str] = []
    page.on("request", lambda request: None if request.url.startswith((base, "data:"))
            else seen.append(f"request to {request.url}"))
    page.on("console", lambda message: seen.append(f"console {message.type}: {message.text}")
            if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: seen.append(f"error: {error}"))
    return seen


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_quiet_and_fits(site: Path, browser: Browser, scheme: str, width: int) -> None:
    with site_files.served(site) as base, browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        seen = _watch(page, base)
        for name in site_files.pages(site):
            page.goto(base + name, wait_until="networkidle")
            seen += [f"{name} is wider than {width}"] if page.evaluate(
                "document.documentElement.scrollWidth > innerWidth") else []
            assert seen == [], name
            if name != "index.html":
                assert page.evaluate("document.documentElement.dataset.theme") == scheme


def test_the_search_page_finds(synthetic: Path, browser: Browser) -> None:
    with site_files.served(synthetic) as base, browser.new_context() as context:
        page = context.new_page()
        seen = _watch(page, base)
        page.goto(f"{base}search.html?q=dependency")
        page.wait_for_selector("#search-results li .context")
        page.wait_for_load_state("networkidle")
        assert seen == []
        assert page.locator("#search-results li a").first.get_attribute("href").startswith(NAMED)


def test_colours_are_chosen_kept_and_reach_the_pictures(synthetic: Path, browser: Browser) -> None:
    with site_files.served(synthetic) as base, browser.new_context(color_scheme="light") as context:
        page = context.new_page()
        page.goto(base + NAMED)
        button, seen = page.get_by_role("button", name="Colours: as the system"), []
        paper = "getComputedStyle(document.querySelector('.picture .paper')).fill"
        seen.append(page.evaluate(paper))
        button.click()
        page.get_by_role("button", name="Colours: light").click()
        page.reload()
        assert page.get_by_role("button", name="Colours: dark").is_visible()
        seen.append(page.evaluate(paper))
        assert seen[0] != seen[1]


def test_the_list_of_contents_opens_and_closes_on_a_phone(synthetic: Path, browser: Browser) -> None:
    with site_files.served(synthetic) as base, browser.new_context(viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        page.goto(base + NAMED)
        button, nav = page.get_by_role("button", name="Contents"), page.locator("#site-nav")
        assert not nav.is_visible()
        button.click()
        assert nav.is_visible()
        assert button.get_attribute("aria-expanded") == "true"
        page.keyboard.press("Escape")
        assert not nav.is_visible()


def test_without_scripts_the_page_is_whole(synthetic: Path, browser: Browser) -> None:
    with site_files.served(synthetic) as base, browser.new_context(
            java_script_enabled=False, viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        page.goto(base + NAMED)
        assert page.locator("#site-nav").is_visible()
        assert page.locator(".cell_output").first.is_visible()
        assert not page.locator(".theme-button").is_visible()


@pytest.mark.parametrize("base_path", ["/", "/user/ada/"])
def test_the_link_to_jupyterlab_appears_only_on_our_server(synthetic: Path, browser: Browser, base_path: str) -> None:
    with site_files.served(synthetic) as base, browser.new_context() as context:
        page = context.new_page()
        page.goto(base + NAMED)
        assert page.get_by_text("Open this notebook in JupyterLab").count() == 0
        page.route("**/*.html", lambda route: route.fulfill(
            body=(synthetic / NAMED).read_text(encoding="utf-8").replace(
                "<html", f'<html data-course-server="{base_path}"', 1), content_type="text/html"))
        page.goto(base + NAMED)
        link = page.get_by_role("link", name="Open this notebook in JupyterLab")
        assert link.get_attribute("href") == f"{base_path}lab/tree/tiers/2_api_development/a_lesson.ipynb"
