# caught by: two_at_most
# says: Cleo books seats 1, 2 and 3 at once
"""Booking seats of the reading room."""


def book_seat(db, number, member):
    with db.transaction():
        seat = db.execute("SELECT member FROM seat WHERE number = %s FOR UPDATE", [number]).fetchone()
        if seat != (None,):
            return "taken"
        held = db.execute("SELECT number FROM seat WHERE member = %s", [member]).fetchall()
        if len(held) >= 2:
            return "limit"
        db.execute("UPDATE seat SET member = %s WHERE number = %s", [member, number])
        return "booked"
