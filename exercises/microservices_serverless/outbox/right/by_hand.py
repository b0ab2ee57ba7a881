# With BEGIN, COMMIT and ROLLBACK by hand, and an exception for what has come before.
"""An outbox."""

import json
import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS book (title TEXT PRIMARY KEY, copies INTEGER NOT NULL CHECK (copies >= 0));
CREATE TABLE IF NOT EXISTS loan (id INTEGER PRIMARY KEY, title TEXT NOT NULL, member TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY, body TEXT NOT NULL, delivered INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS received (number INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS thanked (member TEXT PRIMARY KEY, letters INTEGER NOT NULL);
"""


def lend(db, title, member):
    """Lend."""
    cursor = db.cursor()
    try:
        cursor.execute("BEGIN IMMEDIATE")
        row = cursor.execute("SELECT copies FROM book WHERE title = ?", (title,)).fetchone()
        if not row or not row[0]:
            raise LookupError(title)
        cursor.execute("INSERT INTO outbox (body) VALUES (?)", (json.dumps(
            {"member": member, "title": title, "type": "BookLent"}),))
        cursor.execute("UPDATE book SET copies = ? WHERE title = ?", (row[0] - 1, title))
        [number] = cursor.execute("INSERT INTO loan (member, title) VALUES (?, ?) RETURNING id",
                                  (member, title)).fetchone()
        cursor.execute("COMMIT")
        return number
    except BaseException:
        db.rollback()
        raise


def carry(db, publish):
    """Carry."""
    count = 0
    while row := db.execute("SELECT id, body FROM outbox WHERE delivered = 0 ORDER BY id LIMIT 1").fetchone():
        publish(row[0], json.loads(row[1]))
        db.execute("UPDATE outbox SET delivered = 1 WHERE id = ?", row[:1])
        db.commit()
        count += 1
    return count


def receive(db, number, event):
    """Receive."""
    try:
        db.execute("INSERT INTO received VALUES (?)", (number,))
    except sqlite3.IntegrityError:
        db.rollback()
        return False
    before = db.execute("SELECT letters FROM thanked WHERE member = ?", (event["member"],)).fetchone() or (0,)
    db.execute("INSERT OR REPLACE INTO thanked VALUES (?, ?)", (event["member"], before[0] + 1))
    db.commit()
    return True
