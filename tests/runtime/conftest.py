"""A browser and the assembled runtime for the tests that run cells in the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from course.proof import chromium
from course.runtime import assemble


@pytest.fixture(scope="module")
def browser_process() -> Iterator[Browser]:
    with chromium.launch() as opened:
        yield opened


@pytest.fixture(scope="session")
def runtime() -> Path:
    return assemble()
