"""The two tables of the first page, and `sql`, which shows what a statement gives."""

import re
from dataclasses import dataclass
from html import escape
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from course.services.postgres import sqlstate

MOST = 100  # rows that are shown
TABLES = ["DROP TABLE IF EXISTS loans, books CASCADE",  # a reader may have dropped one of them
          "CREATE TABLE books (title text PRIMARY KEY, author text, year int)",
          "CREATE TABLE loans (title text REFERENCES books, member text, lent date, returned date)",
          """INSERT INTO books VALUES ('Dune', 'Frank Herbert', 1965), ('Emma', 'Jane Austen', 1815),
             ('Persuasion', 'Jane Austen', 1817), ('Ulysses', 'James Joyce', 1922)""",
          """INSERT INTO loans VALUES ('Dune', 'Ann', '2026-03-02', '2026-03-16'),
             ('Emma', 'Cleo', '2026-03-03', '2026-03-09'), ('Ulysses', 'Dan', '2026-03-05', NULL),
             ('Emma', 'Ann', '2026-03-10', '2026-03-20'), ('Persuasion', 'Ben', '2026-03-12', '2026-03-30'),
             ('Dune', 'Ben', '2026-03-17', '2026-03-28'), ('Persuasion', 'Ann', '2026-04-01', '2026-04-11'),
             ('Dune', 'Cleo', '2026-04-02', NULL)"""]
QUOTED = re.compile(r"""'(?:[^']|'')*' | "[^"]*" | --[^\n]* | /\*.*?\*/ | \$(\w*)\$.*?\$\1\$""", re.VERBOSE | re.DOTALL)


@dataclass(frozen=True, repr=False)
class Table:
    """What a statement gave: the names of the columns, and the rows."""

    columns: list[str]
    rows: list[list[str]]
    more: bool = False  # there were more than are shown

    @property
    def size(self) -> str:
        """How many rows there are, in words."""
        many = f"{len(self.rows)} row{'s' * (len(self.rows) != 1)}"
        return f"the first {many}" if self.more else many

    def __repr__(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.columns, *self.rows, strict=True)]
        lines = [self.columns, ["-" * width for width in widths], *self.rows]
        padded = ([cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines)
        return "\n".join([*("  ".join(line).rstrip() for line in padded), f"({self.size})"])

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in self.columns)
        body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in self.rows)
        return f"<table><caption>{self.size}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def sql(engine: Engine, statement: str) -> Table | None:
    """Run one statement, in a transaction of its own, and return what it gave; print what PostgreSQL refuses."""
    if re.search(r";\s*\S", QUOTED.sub(" ", statement)):  # a driver would show one result of several, or mix them
        print("One statement at a time: take out all but one. This cell shows one result.")
        return None
    try:
        with engine.begin() as connection:
            if connection.scalar(text("SELECT to_regclass('loans') IS NULL OR to_regclass('books') IS NULL")):
                for one in TABLES:
                    connection.execute(text(one))
            result = connection.execute(text(statement.replace(":", r"\:")))  # a colon names no parameter here
            if result.returns_rows:
                return _table(list(result.keys()), result.fetchmany(MOST + 1))
            print(f"Done, {max(result.rowcount, 0)} rows changed.")
    except DBAPIError as error:
        print(f"PostgreSQL refuses this ({sqlstate(error)}): {error.orig}")
    return None


def _table(columns: list[str], rows: Any) -> Table:
    shown = [["NULL" if value is None else str(value) for value in row] for row in rows[:MOST]]
    return Table(columns, shown, len(rows) > MOST)
