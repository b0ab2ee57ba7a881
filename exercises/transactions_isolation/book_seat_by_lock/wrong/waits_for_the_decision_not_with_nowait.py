# caught by: waits_for_the_decision
# says: nobody owns the seat
"""Booking seats of the reading room."""

import psycopg


def book_seat(db, number, member):
    try:
        with db.transaction():
            seat = db.execute("SELECT member FROM seat WHERE number = %s FOR UPDATE NOWAIT", [number]).fetchone()
            if seat != (None,):
                return "taken"
            db.execute("SELECT FROM member WHERE name = %s FOR UPDATE", [member])
            held = db.execute("SELECT number FROM seat WHERE member = %s", [member]).fetchall()
            if len(held) >= 2:
                return "limit"
            db.execute("UPDATE seat SET member = %s WHERE number = %s", [member, number])
            return "booked"
    except psycopg.errors.LockNotAvailable:
        return "taken"
