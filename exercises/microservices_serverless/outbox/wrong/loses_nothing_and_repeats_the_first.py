# caught by: loses_nothing
# says: what it returns
"""Between the desk and the letters: an outbox on one side, a list of what has come on the other."""

import json
import sqlite3
from collections.abc import Callable
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS book (title TEXT PRIMARY KEY, copies INTEGER NOT NULL CHECK (copies >= 0));
CREATE TABLE IF NOT EXISTS loan (id INTEGER PRIMARY KEY, title TEXT NOT NULL, member TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY, body TEXT NOT NULL, delivered INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS received (number INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS thanked (member TEXT PRIMARY KEY, letters INTEGER NOT NULL);
"""


def lend(db: sqlite3.Connection, title: str, member: str) -> int:
    """Lend a copy and say so; return the loan's id. Raises LookupError when no copy is left."""
    with db:
        taken = db.execute("UPDATE book SET copies = copies - 1 WHERE title = ? AND copies > 0", [title])
        if taken.rowcount == 0:
            raise LookupError(f"no copy of {title} is left")
        loan = db.execute("INSERT INTO loan (title, member) VALUES (?, ?)", [title, member]).lastrowid
        event = {"type": "BookLent", "title": title, "member": member}
        db.execute("INSERT INTO outbox (body) VALUES (?)", [json.dumps(event)])
    return int(loan or 0)


def carry(db: sqlite3.Connection, publish: Callable[[int, dict[str, Any]], object]) -> int:
    """Publish what has not been delivered, in order; return how many. What `publish` raises comes out."""
    waiting = db.execute("SELECT id, body FROM outbox WHERE NOT delivered ORDER BY id").fetchall()
    for number, body in waiting:
        publish(number, json.loads(body))
    with db:
        for number, _ in waiting:
            db.execute("UPDATE outbox SET delivered = 1 WHERE id = ?", [number])
    return len(waiting)


def receive(db: sqlite3.Connection, number: int, event: dict[str, Any]) -> bool:
    """Count a letter for the member; say whether the event is new."""
    with db:
        if db.execute("INSERT OR IGNORE INTO received VALUES (?)", [number]).rowcount == 0:
            return False
        db.execute("INSERT INTO thanked VALUES (?, 1) ON CONFLICT (member) DO UPDATE SET letters = letters + 1",
                   [event["member"]])
    return True
