"""Lighthouse finds nothing to improve for who reads on a phone; speed is judged where the machine allows it."""

from pathlib import Path

import pytest

from course import repository, runtime
from course.proof import lighthouse
from course.site.build import build

ROOT = repository.root(Path(__file__).parent)


@pytest.fixture(scope="module")
def audits() -> list[lighthouse.Audit]:
    return lighthouse.audits(ROOT, build(ROOT, runtime=runtime.assemble(ROOT)).resolve())


@pytest.mark.parametrize("category", ["accessibility", "best-practices", "seo"])
def test_nothing_is_left_to_improve(audits: list[lighthouse.Audit], category: str) -> None:
    assert {audit.page: audit.scores[category] for audit in audits if audit.scores[category] < 100} == {}


def test_pages_come_fast(audits: list[lighthouse.Audit]) -> None:
    slowest = min(audit.machine for audit in audits)
    if slowest < lighthouse.FAST_ENOUGH:
        pytest.skip(f"the machine is too slow or busy (benchmark index {slowest:.0f})")
    assert {audit.page: audit.scores["performance"] for audit in audits if audit.scores["performance"] < 95} == {}
