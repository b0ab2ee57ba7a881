"""What a touch device is asked before Python is loaded: the bytes named are the bytes then fetched."""

import gzip
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import site_files
import synthetic_book
from playwright.sync_api import Browser, expect
from visits import SLOW

from course import runtime
from course.site.build import build

pytestmark = pytest.mark.browser
ROUNDED = 50_000  # bytes: megabytes are named with one decimal
OF_THE_PAGE = ("pyodide.mjs", "runtime.json")  # loaded to find out what the rest weighs


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real site with its runtime, in a sub-path."""
    root, host = synthetic_book.ROOT, tmp_path_factory.mktemp("host")
    shutil.copytree(build(root, runtime=runtime.assemble(root)), host / "repo")
    with site_files.served(host) as base:
        yield f"{base}repo/"


def sent(file: Path) -> int:
    """What travels of a file: a host compresses scripts, and archives are compressed already."""
    return len(gzip.compress(file.read_bytes(), 9)) if file.suffix == ".mjs" else file.stat().st_size


def test_the_bytes_that_are_named_are_fetched(browser: Browser, address: str) -> None:
    """On the first page, whose cell needs a database through a file beside it."""
    folder, fetched = runtime.assemble(synthetic_book.ROOT), []
    with browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800}) as phone:
        page = phone.new_page()
        page.on("request", lambda request: fetched.append(request.url.rsplit("/", 1)[1])
                if "/runtime/" in request.url else None)
        page.goto(f"{address}book/index.html")
        cell = page.locator("[data-cell]").first
        cell.get_by_role("button", name="Run", exact=True).tap()
        agree = cell.get_by_role("button", name="Load and run")
        agree.wait_for()
        named = float(re.findall(r"([\d.]+) MB to fetch", cell.locator(".cell-notice").inner_text())[0]) * 1e6
        agree.tap()
        expect(cell.locator(".cell-state")).to_contain_text("Run 1", timeout=SLOW)
        page.get_by_role("button", name="Restart").tap()
        gone = "was restarted: names and tables are gone, the next Run makes them anew"
        expect(page.locator(".kernel-bar")).to_contain_text(gone, timeout=SLOW)
    weights = {name: sent(folder / name.split("?")[0]) for name in fetched if name not in OF_THE_PAGE}
    assert any(name.startswith("sqlalchemy.") for name in weights)
    assert abs(sum(weights.values()) - named) <= ROUNDED, weights
