# The job is deleted as it is taken, in the open transaction: whoever dies, or rolls back, has not deleted it.
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
    take = """DELETE FROM job WHERE id = (SELECT id FROM job WHERE trouble IS NULL
              ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id, member"""
    db.execute("BEGIN")
    try:
        job = db.execute(take).fetchone()
        if job is not None:
            db.execute("SAVEPOINT taken")
            try:
                send(db, *job)
            except BadAddressError as error:
                db.execute("ROLLBACK TO SAVEPOINT taken")
                db.execute("INSERT INTO job VALUES (%s, %s, %s)", [*job, str(error)])
        db.execute("COMMIT")
    except BaseException:
        if not db.closed:
            db.execute("ROLLBACK")
        raise
    return job[0] if job else None
