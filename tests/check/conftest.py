"""A small exercise and a way to check answers to it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bad_answers import CHECKS, word

from course.check import runner
from course.check.results import Result


@pytest.fixture
def checked(tmp_path: Path) -> Callable[..., Result]:
    """Check an answer with the checks above, or with others."""
    def check(answer: str, checks: str = CHECKS) -> Result:
        (tmp_path / "checks.py").write_text(checks, encoding="utf-8")
        (tmp_path / "mine.py").write_bytes(answer.encode("utf-8", "surrogateescape"))
        return runner.run("lesson/mine", tmp_path / "checks.py", tmp_path / "mine.py", {"word": word})
    return check
