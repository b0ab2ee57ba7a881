"""Databases in files, looked at through connections of their own; and connections that break at each statement."""

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from course.check import Answer, Failure, check, expect, expect_raises, require


class Broken(Exception):
    """The process dies."""


class Breaking(sqlite3.Connection):
    """A connection on which the process dies before a statement that writes, or before it is stored."""

    left: int | None = None

    def execute(self, sql: str, *arguments: Any) -> sqlite3.Cursor:
        """Execute, or die."""
        if self.left is not None and sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            if self.left == 0:
                raise Broken
            self.left -= 1
        return super().execute(sql, *arguments)

    def cursor(self, *arguments: Any, **named: Any) -> sqlite3.Cursor:
        """Give a cursor that dies as well."""
        return super().cursor(BreakingCursor)


class BreakingCursor(sqlite3.Cursor):
    """Its `execute` is the connection's."""

    def execute(self, sql: str, *arguments: Any) -> sqlite3.Cursor:
        """Execute, or die."""
        owner = self.connection
        if isinstance(owner, Breaking) and owner.left is not None and sql.lstrip()[:6].upper() in (
                "INSERT", "UPDATE", "DELETE"):
            if owner.left == 0:
                raise Broken
            owner.left -= 1
        return super().execute(sql, *arguments)


class Place:
    """A database in a file: `open` gives a connection, `see` looks at what is stored."""

    def __init__(self, path: str, schema: str) -> None:
        self.path = path
        with closing(sqlite3.connect(path)) as db:
            db.executescript(schema)
            db.executemany("INSERT INTO book VALUES (?, ?)", [("Emma", 2), ("Dune", 1), ("Walden", 0)])
            db.commit()

    def open(self) -> Breaking:
        """Return a new connection."""
        return sqlite3.connect(self.path, timeout=2, factory=Breaking)

    def see(self, query: str) -> list[tuple[Any, ...]]:
        """Return rows, as another process sees them."""
        with closing(sqlite3.connect(self.path, timeout=2)) as db:
            return db.execute(query).fetchall()

    def state(self) -> dict[str, Any]:
        """Return what is stored of copies, loans and events."""
        return {"copies": dict(self.see("SELECT title, copies FROM book")),
                "loans": self.see("SELECT title, member FROM loan ORDER BY id"),
                "events": [json.loads(body) for (body,) in self.see("SELECT body FROM outbox ORDER BY id")]}


@contextmanager
def place(answer: Answer) -> Iterator[Place]:
    """Make a database."""
    with tempfile.TemporaryDirectory() as folder:
        yield Place(str(Path(folder, "shelf.db")), answer.SCHEMA)


BEFORE = {"copies": {"Emma": 2, "Dune": 1, "Walden": 0}, "loans": [], "events": []}


def lent(title: str, member: str) -> dict[str, str]:
    """Return an event."""
    return {"type": "BookLent", "title": title, "member": member}


@check("a loan takes a copy, and is stored with its event", points=2)
def lends(answer: Answer) -> None:
    """Three loans; none left; no such title."""
    with place(answer) as at, closing(at.open()) as db:
        numbers = [answer.lend(db, *one) for one in (("Emma", "Ada"), ("Dune", "Grace"), ("Emma", "Alan"))]
        expect(numbers, [1, 2, 3], "The ids that three calls of lend return", hint=1)
        want = {"copies": {"Emma": 0, "Dune": 0, "Walden": 0}, "loans": [("Emma", "Ada"), ("Dune", "Grace"),
                ("Emma", "Alan")], "events": [lent("Emma", "Ada"), lent("Dune", "Grace"), lent("Emma", "Alan")]}
        expect(at.state(), want, "After three loans; what another process sees", hint=2)
        for title in ("Emma", "Walden", "Persuasion"):
            expect_raises(LookupError, lambda title=title: answer.lend(db, title, "Ada"), f"lend of {title}, of which "
                          "no copy is there", hint=2)
        expect(at.state(), want, "After three more calls that raised LookupError; what another process sees", hint=2)


@check("all of it or nothing", needs=lends, points=2)
def all_or_nothing(answer: Answer) -> None:
    """The process dies before each statement that writes."""
    for left in range(5):
        with place(answer) as at:
            with closing(at.open()) as db:
                db.left = left
                try:
                    answer.lend(db, "Emma", "Ada")
                    return
                except Broken:
                    pass
                with suppress(sqlite3.Error):
                    db.left = None
                    db.commit()  # what an unlucky caller does next must not store half of it
            expect(at.state(), BEFORE, f"lend is broken off before its statement number {left + 1} that writes; what "
                   "is stored then", hint=1)
    raise Failure("lend writes more than five times", hint=2)


@check("events are published in order, once", needs=lends)
def carries(answer: Answer) -> None:
    """Two, none, one more; a new connection each time."""
    with place(answer) as at:
        told: list[Any] = []
        for titles in (("Emma", "Dune"), (), ("Emma",)):
            with closing(at.open()) as db:
                for title in titles:
                    answer.lend(db, title, "Ada")
            with closing(at.open()) as db:
                count = answer.carry(db, lambda number, event: told.append((number, event)))
            expect(count, len(titles), f"{len(titles)} loans since the last time; what carry returns", hint=2)
        expect(told, [(1, lent("Emma", "Ada")), (2, lent("Dune", "Ada")), (3, lent("Emma", "Ada"))],
               "What was published in three calls of carry", hint=2)


@check("what could not be published is for the next time", needs=carries, points=2)
def loses_nothing(answer: Answer) -> None:
    """The second of three fails; nothing is noted before publish has returned."""
    with place(answer) as at:
        with closing(at.open()) as db:
            for title in ("Emma", "Dune", "Emma"):
                answer.lend(db, title, "Ada")
        told: list[int] = []

        def publish(number: int, _: Any) -> None:
            stored = dict(at.see("SELECT id, delivered FROM outbox"))
            require(not stored[number], f"Event {number} is noted as delivered before publish has returned: if the "
                    "process dies now, nobody gets it", hint=2)
            told.append(number)
            if told == [1, 2]:
                raise ConnectionError("the other side is down")
        with closing(at.open()) as db:
            expect_raises(ConnectionError, lambda: answer.carry(db, publish), "carry, where publish fails for the "
                          "second of three events", hint=2)
        with closing(at.open()) as db:
            expect(answer.carry(db, publish), 2, "The next call of carry; what it returns", hint=2)
        expect(told, [1, 2, 2, 3], "The numbers that were given to publish, in both calls", hint=2)


@check("what comes twice is counted once", needs=lends, points=2)
def counts_once(answer: Answer) -> None:
    """Twice, after a restart, for two members; the process dies in between."""
    with place(answer) as at:
        got = []
        for number, member in ((1, "Ada"), (1, "Ada"), (2, "Ada"), (3, "Grace"), (2, "Ada")):
            with closing(at.open()) as db:
                got.append(answer.receive(db, number, lent("Emma", member)))
        expect(got, [True, False, True, True, False], "Events 1, 1, 2, 3, 2 come, each after a restart; what receive "
               "returns", hint=3)
        expect(dict(at.see("SELECT * FROM thanked")), {"Ada": 2, "Grace": 1}, "The letters that are counted", hint=3)
    for left in range(2):
        with place(answer) as at:
            with closing(at.open()) as db:
                db.left = left
                with suppress(Broken):
                    answer.receive(db, 1, lent("Emma", "Ada"))
            with closing(at.open()) as db:
                answer.receive(db, 1, lent("Emma", "Ada"))
            expect(dict(at.see("SELECT * FROM thanked")), {"Ada": 1}, f"receive is broken off before its statement "
                   f"number {left + 1} that writes, and the event comes again; the letters that are counted", hint=3)
