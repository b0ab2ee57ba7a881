# caught by: waits_for_the_writer
# says: raises StaleError
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
        now = db.execute("SELECT version FROM seat WHERE number = %s FOR UPDATE SKIP LOCKED", [seat.number]).fetchone()
        if now != (seat.version,):
            raise StaleError
        db.execute("UPDATE seat SET member = %s, note = %s, version = version + 1 WHERE number = %s",
                   [seat.member, seat.note, seat.number])
        return replace(seat, version=seat.version + 1)
