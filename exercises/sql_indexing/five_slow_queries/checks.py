"""Each query is run with two values on the indexes of the answer; its plan says which pages it read, by which index."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from course.check import TextAnswer, check, expect, require

QUERIES = {
    "overdue": "SELECT id, book_id, lent FROM loan WHERE back IS NULL AND lent < '{}' ORDER BY lent LIMIT 20",
    "history": "SELECT book_id, lent FROM loan WHERE member_id = {} ORDER BY lent DESC LIMIT 5",
    "report": "SELECT count(*) FROM loan WHERE branch = '{}' AND lent >= '{}' AND lent < '{}'",
    "login": "SELECT id, name FROM member WHERE lower(email) = '{}'",
    "tags": "SELECT id, title FROM book WHERE details @> '{{\"tags\": [\"{}\"]}}'",
}
VALUES: dict[str, tuple[tuple[Any, ...], ...]] = {
    "overdue": (("2025-12-01",), ("2025-03-01",)),
    "history": ((7,), (4711,)),
    "report": (("Mill", "2025-01-01", "2025-07-01"), ("Castle", "2025-07-01", "2026-01-01")),
    "login": (("member4711@shelf.example",), ("member12@shelf.example",)),
    "tags": (("signed",), ("map",)),
}
OWN = """SELECT i.relname, pg_relation_size(i.oid) / 8192 FROM pg_index JOIN pg_class i ON i.oid = indexrelid
         WHERE NOT indisprimary AND i.relnamespace = 'public'::regnamespace"""
ROWS = """SELECT (SELECT count(*) FROM member), (SELECT count(*) FROM book), (SELECT count(*) FROM loan),
                 (SELECT count(back) FROM loan)"""
COLUMNS = """SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'
             ORDER BY table_name, ordinal_position"""


@dataclass(frozen=True)
class Read:
    """One run of a query: its text, the pages (of 8 kB) that it read, and the indexes that it used."""

    query: str
    pages: int
    indexes: frozenset[str]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the nodes of a plan."""
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)


def measure(db: psycopg.Connection[Any], query: str) -> Read:
    """Run a query twice, the first time to warm the caches, and read the plan of the second."""
    for _ in range(2):
        row = db.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + query).fetchone()
        assert row is not None
    plan = row[0][0]["Plan"]
    used = frozenset(node["Index Name"] for node in nodes(plan) if "Index Name" in node)
    return Read(query, plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], used)


def texts(name: str) -> list[str]:
    """A query with each of its values."""
    return [QUERIES[name].format(*values) for values in VALUES[name]]


@contextmanager
def indexed(answer: TextAnswer, database: str) -> Iterator[psycopg.Connection[Any]]:
    """Run the SQL of the answer, and what autovacuum would do in time; say what PostgreSQL says where it refuses it."""
    with psycopg.connect(database, autocommit=True) as db:
        problem = ""
        try:
            db.execute(answer.text)
            db.execute("VACUUM (ANALYZE) member, book, loan")
        except psycopg.Error as error:
            problem = error.diag.message_primary or str(error)
        require(not problem, f"PostgreSQL does not accept your statements: {problem}")
        db.execute("SET max_parallel_workers_per_gather = 0")
        yield db


def own_indexes(db: psycopg.Connection[Any]) -> dict[str, int]:
    """Return the pages of each index that the answer made."""
    return dict(db.execute(OWN).fetchall())


def state(db: psycopg.Connection[Any]) -> list[Any]:
    """Return the columns and the numbers of rows."""
    return [db.execute(COLUMNS).fetchall(), db.execute(ROWS).fetchall()]


def found(db: psycopg.Connection[Any], name: str) -> list[list[Any]]:
    """What a query finds, whatever the order of equal rows: of lists cut by LIMIT the days, else the rows, sorted."""
    runs = [db.execute(text).fetchall() for text in texts(name)]
    return [[row[-1] for row in rows] if name in ("overdue", "history") else sorted(rows) for rows in runs]


def reads_few(db: psycopg.Connection[Any], name: str, most: int, hint: int) -> list[Read]:
    """Require that both runs of a query read few pages."""
    reads = [measure(db, text) for text in texts(name)]
    for read in reads:
        by = f"It used {', '.join(sorted(read.indexes))}" if read.indexes else "It used no index"
        require(read.pages <= most, f"This query reads {read.pages} pages, and may read {most}:\n\n    {read.query}\n\n"
                                    f"{by}. `EXPLAIN` shows the plan.", hint=hint)
    return reads


@check("the tables are as they were, and the queries find what they found", timeout=60)
def changes_nothing(answer: TextAnswer, database: str) -> None:
    with psycopg.connect(database, autocommit=True) as db:
        before, rows = state(db), {name: found(db, name) for name in QUERIES}
    with indexed(answer, database) as db:
        require(bool(own_indexes(db)), "Your file makes no index yet.", hint=1)
        expect(state(db), before, "Columns and numbers of rows differ")
        for name in QUERIES:
            expect(found(db, name), rows[name], f"The query `{name}` finds something else")


@check("1. overdue reads at most 40 pages, by an index of at most ten", needs=changes_nothing, timeout=60, points=2)
def overdue_is_small(answer: TextAnswer, database: str) -> None:
    with indexed(answer, database) as db:
        pages = own_indexes(db)
        for read in reads_few(db, "overdue", 40, hint=2):
            for name in read.indexes & pages.keys():
                require(pages[name] <= 10, f"The index {name} has {pages[name]} pages. It holds closed loans, too, "
                                           "which the query never asks for.", hint=2)


@check("2. history reads at most 20 pages, for the school and for others", needs=changes_nothing, timeout=60)
def history_is_sorted(answer: TextAnswer, database: str) -> None:
    with indexed(answer, database) as db:
        reads_few(db, "history", 20, hint=1)


@check("3. the report reads at most 15 pages", needs=changes_nothing, timeout=60)
def report_is_one_piece(answer: TextAnswer, database: str) -> None:
    with indexed(answer, database) as db:
        reads_few(db, "report", 15, hint=1)


@check("4. login and 5. tags read at most 5 and 30 pages", needs=changes_nothing, timeout=60)
def expressions_and_elements(answer: TextAnswer, database: str) -> None:
    with indexed(answer, database) as db:
        reads_few(db, "login", 5, hint=2)
        reads_few(db, "tags", 30, hint=2)


@check("five indexes at most, and each is used", needs=changes_nothing, timeout=60)
def nothing_is_idle(answer: TextAnswer, database: str) -> None:
    with indexed(answer, database) as db:
        used = {index for name in QUERIES for text in texts(name) for index in measure(db, text).indexes}
        idle = sorted(own_indexes(db).keys() - used)
        require(not idle, f"No query uses {', '.join(idle)}; each INSERT pays for it.", hint=3)
        require(len(own_indexes(db)) <= 5, f"There are {len(own_indexes(db))} indexes, for five queries.", hint=3)
