# The row is locked, compared in Python and written in one short transaction: correct, in three statements.
"""Saving a form that was read earlier, without holding a lock in between."""

from dataclasses import dataclass, replace
from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Seat:
    """A seat as it was read: `version` says in which of its states."""

    number: int
    member: str | None
    note: str
    version: int


class StaleError(Exception):
    """The seat has changed since it was read: look again, then decide again."""


def look(db: Connection, number: int) -> Seat:
    """Read a seat. Raises LookupError when there is none of this number."""
    row = db.execute("SELECT number, member, note, version FROM seat WHERE number = %s", [number]).fetchone()
    if row is None:
        raise LookupError(f"there is no seat {number}")
    return Seat(*row)


def save(db: Connection, seat: Seat) -> Seat:
    """Write the member and the note, and return the seat with its new version.

    Raises StaleError when the row is not at `seat.version` any more.
    """
    with db.transaction():
        now = db.execute("SELECT version FROM seat WHERE number = %s FOR UPDATE", [seat.number]).fetchone()
        if now is None or now[0] != seat.version:
            raise StaleError(f"{seat} is not the present state")
        saved = replace(seat, version=seat.version + 1)
        db.execute("UPDATE seat SET member = %s, note = %s, version = %s WHERE number = %s",
                   [saved.member, saved.note, saved.version, saved.number])
    return saved
