"""Sessions hold rows and wait for them, and the query must say who waits for whom."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg

from course.check import TextAnswer, check, expect, require

Connection = psycopg.Connection[tuple[Any, ...]]
# Nobody waits for ever; each wait lasts longer than a check needs.
OPTIONS = "-c lock_timeout=60s -c statement_timeout=60s"
TAKE, SHARE = ("SELECT copies FROM book WHERE title = '{}' FOR " + how for how in ("UPDATE", "SHARE"))
COMPUTE = "DO 'BEGIN LOOP END LOOP; END'"  # busy, and waiting for nothing, until it is cancelled
COLUMNS = ["waiting", "holder", "holder_state", "holder_query", "holder_waits"]
Row = tuple[Any, ...]


class Scene:
    """Named sessions in a database; each statement runs in an open transaction of its session."""

    def __init__(self, database: str, stack: ExitStack) -> None:
        self.connections = {name: stack.enter_context(connect(database)) for name in ("Ann", "Ben", "Cleo", "Dan")}
        self.hands = stack.enter_context(ThreadPoolExecutor(4))
        self.watch = stack.enter_context(connect(database))
        self.names = {db.info.backend_pid: name for name, db in self.connections.items()}
        self.under_way: list[Future[Any]] = []
        stack.callback(self.end)
        for db in self.connections.values():
            db.execute("BEGIN")

    def hold(self, name: str, statement: str) -> None:
        """Run a statement that need not wait."""
        self.connections[name].execute(statement)

    def run(self, name: str, statement: str) -> None:
        """Start a statement that takes long, and return when it runs."""
        db = self.connections[name]
        self.under_way.append(self.hands.submit(db.execute, statement))
        self._until(f"{name} runs a long statement", "SELECT count(*) FROM pg_stat_activity WHERE pid = %s "
                    "AND state = 'active'", db)

    def wait(self, name: str, statement: str) -> None:
        """Start a statement and return when PostgreSQL says that it waits."""
        db = self.connections[name]
        self.under_way.append(self.hands.submit(db.execute, statement))
        self._until(f"{name} waits", "SELECT cardinality(pg_blocking_pids(%s))", db)

    def _until(self, scene: str, question: str, db: Connection) -> None:
        """Return when the answer to `question` about the session is not 0 any more."""
        deadline = time.monotonic() + 40
        while self.watch.execute(question, [db.info.backend_pid]).fetchone() == (0,):
            require(time.monotonic() < deadline, f"The check did not get so far that {scene}: run it again")
            time.sleep(0.005)

    def ask(self, answer: TextAnswer) -> list[Row]:
        """Run the answer and return its rows about these sessions, with names for pids, sorted."""
        problem, rows, columns = "", [], []
        try:
            cursor = self.watch.execute(answer.text)
            columns = [column.name for column in cursor.description or ()]
            rows = cursor.fetchall() if columns else []
        except psycopg.Error as error:
            problem = error.diag.message_primary or str(error)
        require(not problem, f"PostgreSQL does not accept your query: {problem}")
        expect(columns, COLUMNS, "The columns of your query")
        for place, column in enumerate(COLUMNS[:2]):
            require(all(type(row[place]) is not list for row in rows),
                    f"`{column}` is an array, and one row for each pair is asked for: unnest it", hint=2)
        # Other programs may have sessions on this server: they are not ours to judge.
        named = [tuple(self.names.get(value, value) if place < 2 else value for place, value in enumerate(row))
                 for row in rows if row[0] in self.names or row[1] in self.names]
        require(all(row[1] is None or row[4] is not None for row in named), "`holder_waits` is NULL in a row about a "
                "session that waits: true or false is asked for", hint=3)
        return sorted(named, key=repr)

    def end(self) -> None:
        """Stop all that waits."""
        for db in self.connections.values():
            db.cancel_safe()
        for statement in self.under_way:
            statement.exception()


def connect(database: str) -> Connection:
    """Open a connection in autocommit mode."""
    return psycopg.connect(database, autocommit=True, options=OPTIONS)


@contextmanager
def scene(database: str) -> Iterator[Scene]:
    """Open the sessions, and end them with all that they wait for."""
    with ExitStack() as stack:
        yield Scene(database, stack)


@check("it has the five columns, and no row for sessions that do not wait", timeout=30)
def silent_without_waits(answer: TextAnswer, database: str) -> None:
    with scene(database) as desk:
        desk.hold("Ann", TAKE.format("Dune"))
        desk.hold("Ben", TAKE.format("Emma"))
        expect(desk.ask(answer), [], "Ann holds Dune, Ben holds Emma, and nobody waits", hint=1)


@check("one session waits for one other", needs=silent_without_waits, timeout=90)
def tells_the_pair(answer: TextAnswer, database: str) -> None:
    with scene(database) as desk:
        desk.hold("Ann", TAKE.format("Dune"))
        desk.wait("Ben", TAKE.format("Dune"))
        expect(desk.ask(answer), [("Ben", "Ann", "idle in transaction", TAKE.format("Dune"), False)],
               "Ann holds Dune and Ben waits for it (names stand for the pids)", hint=2)


@check("a holder that waits itself is marked, and only such a one", needs=tells_the_pair, timeout=120)
def follows_the_line(answer: TextAnswer, database: str) -> None:
    with scene(database) as desk:
        desk.hold("Ann", TAKE.format("Dune"))
        desk.run("Ann", COMPUTE)
        desk.hold("Ben", TAKE.format("Emma"))
        desk.wait("Ben", TAKE.format("Dune"))
        desk.wait("Cleo", TAKE.format("Emma"))
        expect(desk.ask(answer), [("Ben", "Ann", "active", COMPUTE, False),
                                  ("Cleo", "Ben", "active", TAKE.format("Dune"), True)],
               "Ann holds Dune and computes; Ben, who holds Emma, waits for Dune, and Cleo for Emma (names stand for "
               "the pids)", hint=3)


@check("a session that waits for two is told of twice", needs=tells_the_pair, timeout=120)
def tells_every_holder(answer: TextAnswer, database: str) -> None:
    with scene(database) as desk:
        for name in ("Ann", "Ben"):
            desk.hold(name, SHARE.format("Dune"))
        desk.wait("Dan", "LOCK TABLE book")
        idle = "idle in transaction"
        expect(desk.ask(answer), [("Dan", "Ann", idle, SHARE.format("Dune"), False),
                                  ("Dan", "Ben", idle, SHARE.format("Dune"), False)],
               "Ann and Ben have both read the table in open transactions, and Dan wants to lock it", hint=2)
        desk.wait("Cleo", "SELECT copies FROM book")
        rows = desk.ask(answer)
        expect([row for row in rows if row[0] == "Cleo"], [("Cleo", "Dan", "active", "LOCK TABLE book", True)],
               "Behind Dan, who waits for the table, Cleo wants to read it: she waits for him, though he does not have "
               "the lock yet (the row about Cleo)", hint=2)


@check("a wait for an advisory lock is a wait as well", needs=tells_the_pair, timeout=90)
def knows_other_locks(answer: TextAnswer, database: str) -> None:
    with scene(database) as desk:
        desk.hold("Ann", "SELECT pg_advisory_xact_lock(7)")
        desk.wait("Ben", "SELECT pg_advisory_xact_lock(7)")
        expect(desk.ask(answer), [("Ben", "Ann", "idle in transaction", "SELECT pg_advisory_xact_lock(7)", False)],
               "Ann holds the advisory lock 7 and Ben waits for it", hint=2)
