# caught by: lets_errors_out
# says: a second worker comes
"""A worker for the queue of reminders, which may die at any moment."""

from collections.abc import Callable
from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]
Send = Callable[[Connection, int, str], None]


class BadAddressError(Exception):
    """A reminder cannot be sent, however often one tries."""


def work_one(db: Connection, send: Send) -> int | None:
    """Do the free job with the lowest id and return the id, or None when no job is free.

    A job whose `send` raises BadAddressError is kept with the reason in `trouble`.
    """
    db.execute("BEGIN")
    job = db.execute("SELECT id, member FROM job WHERE trouble IS NULL "
                     "ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED").fetchone()
    if job is None:
        db.execute("COMMIT")
        return None
    number, member = job
    try:
        with db.transaction():
            send(db, number, member)
            db.execute("DELETE FROM job WHERE id = %s", [number])
    except BadAddressError as error:
        db.execute("UPDATE job SET trouble = %s WHERE id = %s", [str(error), number])
    db.execute("COMMIT")
    return int(number)
