"""The `sql` of the first page on a real PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from course import repository
from course.services import postgres

ROOT = repository.root(Path(__file__).parent)


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """The function of the page, on an engine of its own."""
    monkeypatch.syspath_prepend(ROOT / "book")
    from index_files.shelf import sql

    engine = postgres.engine()
    yield lambda statement: sql(engine, statement)
    engine.dispose()


@pytest.mark.parametrize(("statement", "row"), [
    ("SELECT ':x', '5'::int + 1, 10 % 3", [":x", "6", "1"]),
    ("SELECT (ARRAY[1, 2, 3])[1:2]", ["[1, 2]"]),
    ("SELECT count(*) FROM loans", ["8"])])
def test_a_statement_reaches_postgresql_as_it_is(ask: Callable[[str], Any], statement: str, row: list[str]) -> None:
    assert ask(statement).rows == [row]


def test_a_name_behind_a_colon_is_postgresqls_to_refuse(
        ask: Callable[[str], Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("SELECT :y") is None
    assert "PostgreSQL refuses this (42601): syntax error" in capsys.readouterr().out
