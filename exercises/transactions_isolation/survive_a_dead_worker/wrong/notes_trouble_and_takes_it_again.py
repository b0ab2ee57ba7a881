# caught by: notes_trouble
# says: Job 1 has its trouble noted
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
    with db.transaction():
        job = db.execute("SELECT id, member FROM job ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED").fetchone()
        if job is None:
            return None
        number, member = job
        try:
            with db.transaction():
                send(db, number, member)
                db.execute("DELETE FROM job WHERE id = %s", [number])
        except BadAddressError as error:
            db.execute("UPDATE job SET trouble = %s WHERE id = %s", [str(error), number])
        return int(number)
