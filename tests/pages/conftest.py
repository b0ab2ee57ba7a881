"""The course's own site, built with the page's Python and served as a static host serves it, and a Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from course import repository, runtime
from course.proof import browser_page, chromium
from course.proof.browser_page import Site
from course.site.build import build

ROOT = repository.root(Path(__file__).parent)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.launch() as opened:
        yield opened


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    built = build(ROOT, runtime=runtime.assemble(ROOT)).resolve()
    with browser_page.serve(ROOT, built) as served:
        yield served
