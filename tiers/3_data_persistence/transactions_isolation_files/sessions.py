"""Live sessions driven statement by statement, with a record of what each of them did and saw.

Nothing here sleeps and hopes: after every statement PostgreSQL is asked whether a session waits for another one.
"""

import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg.pq import TransactionStatus
from transactions_isolation_files.shelf import PATIENCE, POLL, Connection, blockers, desk, fresh_shelf

from course.services import postgres
from course.trace import Trace


@dataclass(frozen=True)
class Story:
    """What happened: the recording, what each session's SELECTs returned, its SQLSTATE if it was refused.

    `final` is what the watched query returned after the end.
    """

    trace: Trace
    seen: dict[str, list[Any]]
    refused: dict[str, str]
    final: Any = None


@dataclass(frozen=True)
class Scenario:
    """An anomaly to be tried: a script for `play`, the query to watch, and how to tell that it happened."""

    name: str
    script: str
    happened: Callable[[Story], bool]
    watch: str = "SELECT copies FROM book"

    def play(self, level: str) -> Story:
        """Play the script at one isolation level and tell what happened."""
        return play(self.script, level=level, watch=self.watch, title=f"{self.name.capitalize()} at {level}")

    def verdict(self, story: Story) -> str:
        """Say of a story of this scenario: HAPPENED, prevented, or refused with the SQLSTATE."""
        if story.refused:
            return "refused " + " ".join(sorted(set(story.refused.values())))
        return "HAPPENED" if self.happened(story) else "prevented"


@dataclass
class _Session:
    """One connection and the thread that speaks for it, so that a statement may wait while the others go on."""

    connection: Connection
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=1))
    gave_up: bool = False


class Sessions:
    """Named sessions on the shared server. Use it as a context manager: at the end all of them are closed.

    `level` is the isolation level of their transactions (empty: the server's default), `watch` a query whose
    committed answer is noted after each step, `settings` further settings for each session.
    """

    def __init__(self, names: Iterable[str], *, level: str = "", watch: str = "", title: str = "",
                 settings: dict[str, str] | None = None) -> None:
        wanted = dict(settings or {}) | ({"default_transaction_isolation": level.lower()} if level else {})
        options = " ".join(f"-c {name}={value}" for name, value in _escaped(wanted).items())
        self._by_name = {name: _Session(postgres.connect(autocommit=True, options=options)) for name in names}
        self.name_of = {each.connection.info.backend_pid: name for name, each in self._by_name.items()}
        self.trace = Trace(title, tuple(self._by_name))
        self.seen: dict[str, list[Any]] = {name: [] for name in self._by_name}
        self.refused: dict[str, str] = {}
        self._watch = watch
        self._under_way: dict[str, tuple[str, Future[Any]]] = {}
        self._waiting: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        for name in self._under_way:
            self._by_name[name].connection.cancel_safe()
        for session in self._by_name.values():
            session.thread.shutdown()
            session.connection.close()

    def play(self, script: str) -> None:
        """Run each step of a script: a session's name, a colon, a statement; a line or a semicolon ends it.

        Raises ValueError for a step that does not begin with the name of a session.
        """
        for step in filter(str.strip, re.split(r"[;\n]", script)):
            name, colon, sql = (part.strip() for part in step.partition(":"))
            if not colon or name not in self._by_name:
                raise ValueError(f"'{step.strip()}' names no session: write 'Ann: SELECT ...', one statement a line")
            self.run(name, sql)

    def run(self, name: str, sql: str) -> None:
        """Send one statement and return when it has ended or waits; skip it when its transaction was refused."""
        self.settle()
        session = self._by_name[name]
        session.gave_up = session.gave_up and sql.upper() != "BEGIN"
        if session.gave_up:
            return
        if name in self._under_way:
            raise RuntimeError(f"{name} still waits, so it cannot send '{sql}': let the other session end first")
        self._under_way[name] = sql, session.thread.submit(session.connection.execute, sql.encode())
        self.settle()

    def settle(self) -> None:
        """Return when each statement has either ended or is seen waiting."""
        changed = True
        while changed:
            changed = False
            pending = list(self._under_way.items())
            # The newest first: it may free the older ones, and is told before them.
            for name, (sql, statement) in pending[-1:] + pending[:-1]:
                while not statement.done() and not (holders := self.waits_for(name)):
                    wait([statement], timeout=POLL)
                if statement.done():
                    changed = True
                    self._note_end(name, sql, statement)
                elif name not in self._waiting:
                    self._waiting.add(name)
                    self._note(name, f"waits for {' and '.join(holders)}", detail=sql)

    def waits_for(self, name: str) -> list[str]:
        """Return the names of the sessions for which this one waits now."""
        pids = blockers(self._by_name[name].connection.info.backend_pid)
        return sorted(self.name_of.get(pid, "another") for pid in pids)

    def finish(self, *, refusal: bool = False) -> Story:
        """Return the story when nothing is under way any more, or at the first refusal.

        Raises TimeoutError when a statement still waits after PATIENCE.
        """
        deadline = time.monotonic() + PATIENCE
        self.settle()
        while self._under_way and not (refusal and self.refused):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{', '.join(self._under_way)} still waits: nobody commits or rolls back")
            wait([statement for _, statement in self._under_way.values()], timeout=POLL)
            self.settle()
        return Story(self.trace, self.seen, self.refused, self._watched())

    def _note_end(self, name: str, sql: str, statement: "Future[Any]") -> None:
        del self._under_way[name]
        waited = name in self._waiting
        self._waiting.discard(name)
        if (error := statement.exception()) is None:
            return self._note_result(name, sql, statement.result(), "then " if waited else "")
        if (state := postgres.sqlstate(error)) is None:
            raise error
        session, self.refused[name] = self._by_name[name], state
        failed = session.connection.info.transaction_status == TransactionStatus.INERROR
        session.gave_up = failed or sql.upper() == "COMMIT"
        self._note(name, f"refused {state}", "error", sql)
        if failed:
            session.connection.execute("ROLLBACK")
        return self._note(name, "transaction", "exit", "undone") if session.gave_up else None

    def _note_result(self, name: str, sql: str, cursor: "psycopg.Cursor[tuple[Any, ...]]", then: str) -> None:
        verb = sql.split()[0].upper()
        if verb == "BEGIN":
            level = self._by_name[name].connection.execute("SHOW transaction_isolation").fetchone()
            self._note(name, "transaction", "enter", str(level[0]) if level else "")
        elif verb in ("COMMIT", "ROLLBACK"):
            self._note(name, "transaction", "exit", verb)
        elif cursor.description and (row := cursor.fetchone()):
            self.seen[name].append(row[0])
            self._note(name, f"{then}sees {row[0]}", detail=sql)
        else:
            rows = max(cursor.rowcount, 0)
            self._note(name, f"{then}changes {rows} row{'' if rows == 1 else 's'}", detail=sql)

    def _note(self, name: str, what: str, kind: Any = "point", detail: str = "") -> None:
        last = {f"{each} saw": values[-1] for each, values in self.seen.items() if values}
        committed = {"committed": self._watched()} if self._watch else {}
        self.trace.record(name, what, kind, _short(detail), **last, **committed)

    def _watched(self) -> Any:
        row = desk().execute(self._watch.encode()).fetchone() if self._watch else None
        return row[0] if row else None


def play(script: str, *, level: str = "", watch: str = "", title: str = "") -> Story:
    """Play a script, as `Sessions.play` reads it, on a fresh shelf and tell what happened."""
    fresh_shelf()
    names = dict.fromkeys(re.findall(r"(?:^|;)\s*(\w+):", script, re.M))
    with Sessions(names, level=level, watch=watch, title=title) as sessions:
        sessions.play(script)
        return sessions.finish()


def _escaped(settings: dict[str, str]) -> dict[str, str]:
    """Quote the spaces of values as libpq's parameter `options` asks (manual, 32.1.2)."""
    return {name: value.replace("\\", "\\\\").replace(" ", "\\ ") for name, value in settings.items()}


def _short(sql: str, most: int = 90) -> str:
    return sql if len(sql) <= most else sql[: most - 2].rstrip() + " …"
