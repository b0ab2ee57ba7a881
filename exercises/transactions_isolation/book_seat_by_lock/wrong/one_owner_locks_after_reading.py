# caught by: one_owner
# says: Ada, Bob and Cleo book seat 7 at once
"""Booking seats of the reading room."""


def book_seat(db, number, member):
    with db.transaction():
        db.execute("SELECT FROM member WHERE name = %s FOR UPDATE", [member])
        seat = db.execute("SELECT member FROM seat WHERE number = %s", [number]).fetchone()
        if seat != (None,):
            return "taken"
        db.execute("SELECT FROM seat WHERE number = %s FOR UPDATE", [number])
        held = db.execute("SELECT number FROM seat WHERE member = %s", [member]).fetchall()
        if len(held) >= 2:
            return "limit"
        db.execute("UPDATE seat SET member = %s WHERE number = %s", [member, number])
        return "booked"
