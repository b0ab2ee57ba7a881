"""The diff that learners review: each defect of the key does harm on a real PostgreSQL; what only looks odd, none."""

import logging
import re
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from course.services import scratch

TASK = Path(__file__).parents[2] / "exercises" / "code_review" / "review_the_diff" / "task.md"
TABLES = """
CREATE TABLE loan (id int PRIMARY KEY, member_id int NOT NULL, due date NOT NULL, lent date, told_on date);
CREATE TABLE note (loan_id int NOT NULL, text text NOT NULL);
INSERT INTO loan VALUES (7, 1, '2026-02-02'), (8, 2, '2026-02-02');
"""
Db = psycopg.Connection[Any]


class Ada:
    """The member who renews."""

    id, token = 1, "ada's token"


def files() -> dict[str, str]:
    """Return the new text of each file of the diff."""
    diff = TASK.read_text(encoding="utf-8").partition("```text\n")[2].partition("\n```")[0]
    lines = [re.sub(r"^ ?\d+  ", "", line) for line in diff.split("\n")]
    parts = re.split(r"^diff --git a/(.*)$", "\n".join(lines), flags=re.MULTILINE)[1:]
    return {name: re.sub(r"^(\+ ?|  )", "", text.strip("\n"), flags=re.MULTILINE)
            for name, text in zip(parts[::2], parts[1::2], strict=True)}


@pytest.fixture
def address() -> Iterator[str]:
    with scratch.scratch() as database:
        with psycopg.connect(database, autocommit=True) as db:
            db.execute(TABLES)
        yield database


@pytest.fixture
def db(address: str) -> Iterator[Db]:
    with psycopg.connect(address, autocommit=True, row_factory=namedtuple_row) as db:
        db.execute("ALTER TABLE loan ADD COLUMN renewals int NOT NULL DEFAULT 0")
        yield db


@pytest.fixture
def loans() -> dict[str, Any]:
    scope: dict[str, Any] = {"log": logging.getLogger("shelf"), "timedelta": timedelta}
    exec(files()["shelf/loans.py"], scope)
    return scope


def one(db: Db, sql: str) -> Any:
    (found,) = db.execute(sql).fetchone() or (None,)
    return found


def test_a_third_renewal_goes_through(db: Db, loans: dict[str, Any]) -> None:
    for _ in range(3):
        loans["renew"](db, 7, Ada)
    assert one(db, "SELECT renewals FROM loan WHERE id = 7") == 3
    with pytest.raises(ValueError, match="renewed 2 times"):
        loans["renew"](db, 7, Ada)


def test_a_member_renews_the_loan_of_another(db: Db, loans: dict[str, Any]) -> None:
    assert one(db, "SELECT member_id FROM loan WHERE id = 8") != Ada.id
    assert loans["renew"](db, 8, Ada) == date(2026, 3, 2)


def test_a_note_runs_as_sql(db: Db, loans: dict[str, Any]) -> None:
    loans["renew"](db, 7, Ada, "'); UPDATE loan SET due = '2099-01-01'; --")
    assert one(db, "SELECT count(*) FROM loan WHERE due = '2099-01-01'") == 2


def test_the_token_is_in_the_log(db: Db, loans: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "shelf")
    loans["renew"](db, 7, Ada)
    assert Ada.token in caplog.text


def test_a_renewal_that_failed_returns_a_day(db: Db, loans: dict[str, Any]) -> None:
    assert loans["renew"](db, 7, Ada, "it's late") == date(2026, 3, 2)
    assert one(db, "SELECT due FROM loan WHERE id = 7") == date(2026, 2, 2)


def test_of_two_renewals_at_once_one_is_lost(db: Db, address: str, loans: dict[str, Any]) -> None:
    both = threading.Barrier(2)

    class Meeting(psycopg.Connection[Any]):
        def execute(self, query: Any, *arguments: Any, **named: Any) -> Any:
            if str(query).startswith("UPDATE"):
                both.wait(30)
            return super().execute(query, *arguments, **named)

    def renews() -> None:
        with Meeting.connect(address, autocommit=True, row_factory=namedtuple_row) as own:
            loans["renew"](own, 7, Ada)
    threads = [threading.Thread(target=renews) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert one(db, "SELECT renewals FROM loan WHERE id = 7") == 1


def test_the_test_of_the_limit_never_reaches_it(loans: dict[str, Any]) -> None:
    scope: dict[str, Any] = {"pytest": pytest, "date": date, "lend": lambda *_, **__: 7,
                             "renew": lambda db, loan_id, member, note="": date(2026, 3, 2)}
    exec(files()["tests/test_renewals.py"], scope)
    scope["test_nobody_renews_three_times"](None, None)


def test_the_index_stops_those_who_write(db: Db, address: str) -> None:
    (index,) = re.findall(r"CREATE INDEX [^;]*", files()["migrations/0007_renewals.sql"])
    with db.transaction(), psycopg.connect(address, autocommit=True) as desk:
        db.execute(index)
        desk.execute("SET lock_timeout = '100ms'")
        assert desk.execute("SELECT count(*) FROM loan").fetchone() == (2,)
        with pytest.raises(psycopg.errors.LockNotAvailable):
            desk.execute("UPDATE loan SET lent = '2026-01-01'")


def test_the_old_program_fails_and_the_new_column_costs_it_nothing(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as db:
        path = db.execute("SELECT pg_relation_filenode('loan')").fetchone()
        db.execute(files()["migrations/0007_renewals.sql"])
        assert db.execute("SELECT pg_relation_filenode('loan')").fetchone() == path, "the table was written anew"
        db.execute("INSERT INTO loan (id, member_id, due) VALUES (9, 1, '2026-03-03')")
        with pytest.raises(psycopg.errors.UndefinedColumn):
            db.execute("SELECT told_on FROM loan")


def test_the_order_that_is_put_into_the_text_comes_from_a_list(db: Db, loans: dict[str, Any]) -> None:
    assert [loan.id for loan in loans["loans_of"](db, Ada, "id; DROP TABLE loan")] == [7]
