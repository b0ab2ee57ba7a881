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


@pytest.mark.parametrize("statement", ["SELECT 1; SELECT 2", "DELETE FROM loans;\nSELECT 1", "SELECT ';'; SELECT 2"])
def test_of_several_statements_none_is_run(
        ask: Callable[[str], Any], capsys: pytest.CaptureFixture[str], statement: str) -> None:
    assert ask(statement) is None
    assert capsys.readouterr().out.startswith("One statement at a time")
    assert ask("SELECT count(*) FROM loans").rows == [["8"]]


@pytest.mark.parametrize("statement", [
    "SELECT 'a; b' AS \"c; d\";",
    "SELECT 1; -- one; statement", "SELECT /* a; b */ 'it''s; so'", "SELECT $q$a; b$q$;\n"])
def test_a_semicolon_that_ends_nothing_is_no_second_statement(ask: Callable[[str], Any], statement: str) -> None:
    assert len(ask(statement).rows) == 1
