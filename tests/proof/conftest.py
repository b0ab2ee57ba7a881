"""A browser and the assembled runtime for the tests that run cells in the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from course import runtime as page_runtime
from course.proof import chromium


# One Chromium a module, closed at its end: Playwright allows one of its sessions at a time in a thread,
# and the tests of the site open their own.
@pytest.fixture(scope="module")
def browser_process() -> Iterator[Browser]:
    with chromium.launch() as opened:
        yield opened


@pytest.fixture(scope="session")
def runtime() -> Path:
    return page_runtime.assemble()
