from collections.abc import Iterator
from pathlib import Path

import pytest
import site_files
import synthetic_book
from playwright.sync_api import Browser, BrowserContext

from course.proof import chromium
from course.site.build import build


@pytest.fixture(scope="session")
def site() -> Path:
    """The real site; built now unless it is up to date."""
    return build(synthetic_book.ROOT).resolve()


@pytest.fixture(scope="session")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound book of about forty pages with nested sections, as our extension builds it."""
    return build(synthetic_book.write(tmp_path_factory.mktemp("ours"), *synthetic_book.standard())).resolve()


@pytest.fixture(scope="session")
def themes_own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same book with the theme's own sidebar."""
    folder = synthetic_book.write(tmp_path_factory.mktemp("theirs"), *synthetic_book.standard(),
                                  more_config=synthetic_book.KEEP_THEMES_SIDEBAR)
    return build(folder).resolve()


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The module's site in a sub-path, as a static host offers it."""
    with site_files.served(site.parent) as base:
        yield f"{base}{site.name}/"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.launch() as opened:
        yield opened


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context() as opened:
        yield opened
