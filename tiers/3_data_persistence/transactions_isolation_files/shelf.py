"""Shelf's tables, the connection that looks on, and who waits for whom."""

import threading
import time
from typing import Any

import psycopg

from course.services import postgres

Connection = psycopg.Connection[tuple[Any, ...]]
POLL, PATIENCE = 0.005, 30.0  # seconds between two looks; after this many a demo ends with an error
SHELF = """
DROP TABLE IF EXISTS loan, book, duty, job, account, member;
CREATE TABLE book (title text PRIMARY KEY, copies int NOT NULL CHECK (copies >= 0));
CREATE TABLE loan (title text, member text);
CREATE TABLE duty (name text PRIMARY KEY);
CREATE TABLE job (id int PRIMARY KEY);
INSERT INTO book VALUES ('Dune', 2);
INSERT INTO duty VALUES ('Ann'), ('Ben');
INSERT INTO job SELECT generate_series(1, 12);
"""
_desk: Connection | None = None


def desk() -> Connection:
    """Return the connection that looks on: each of its statements is a transaction of its own (autocommit)."""
    global _desk
    if _desk is None or _desk.closed:
        _desk = postgres.connect(autocommit=True)
        _desk.execute("SET client_min_messages = warning")
        _desk.execute("SET lock_timeout = '10s'")
    return _desk


def fresh_shelf() -> Connection:
    """Make Shelf's tables anew: two copies of Dune, Ann and Ben on duty, jobs 1 to 12. Returns `desk()`.

    Raises psycopg.errors.LockNotAvailable when an earlier cell has left a transaction open for ten seconds.
    """
    try:
        desk().execute(SHELF)
    except psycopg.errors.LockNotAvailable as error:
        error.add_note("An earlier cell has left a transaction open on Shelf's tables: end it with close(), commit() "
                       "or rollback(), or restart the kernel.")
        raise
    return desk()


def blockers(pid: int) -> list[int]:
    """Return the process ids of the sessions for which session `pid` waits now."""
    found = desk().execute("SELECT pg_blocking_pids(%s)", [pid]).fetchone()
    return list(found[0]) if found else []


class Meeting:
    """Makes a race certain: holds each caller until all others are at the same place or wait for a lock."""

    def __init__(self, *connections: Connection) -> None:
        self._missing = {connection.info.backend_pid for connection in connections}
        self._lock = threading.Lock()

    def arrive(self, connection: Connection) -> None:
        """Be here, and wait for the others the first time. Raises TimeoutError when they do not come."""
        deadline = time.monotonic() + PATIENCE
        with self._lock:
            self._missing.discard(connection.info.backend_pid)
        while not all(blockers(pid) for pid in list(self._missing)):
            if time.monotonic() > deadline:
                raise TimeoutError("the other sessions neither arrived nor wait for a lock")
            time.sleep(POLL)
