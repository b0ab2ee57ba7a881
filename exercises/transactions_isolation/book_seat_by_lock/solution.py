"""Booking seats of the reading room under row locks."""

from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]
MOST = 2  # seats of one member


def book_seat(db: Connection, number: int, member: str) -> str:
    """Give the seat to the member and return "booked", or say why not: "taken" or "limit"."""
    # >>> lock what the two rules read, decide, give the seat
    with db.transaction():
        # Whoever could give this member a third seat needs the same row of `member`.
        db.execute("SELECT 1 FROM member WHERE name = %s FOR UPDATE", [member])
        seat = db.execute("SELECT member FROM seat WHERE number = %s FOR UPDATE", [number]).fetchone()
        if seat != (None,):
            return "taken"
        held = db.execute("SELECT number FROM seat WHERE member = %s", [member]).fetchall()
        if len(held) >= MOST:
            return "limit"
        db.execute("UPDATE seat SET member = %s WHERE number = %s", [member, number])
        return "booked"
    # <<<
