# caught by: follows_the_rules
# says: 'taken'
"""Booking seats of the reading room."""


def book_seat(db, number, member):
    with db.transaction():
        db.execute("SELECT FROM member WHERE name = %s FOR UPDATE", [member])
        held = db.execute("SELECT number FROM seat WHERE member = %s", [member]).fetchall()
        if len(held) >= 2:
            return "limit"
        seat = db.execute("SELECT member FROM seat WHERE number = %s FOR UPDATE", [number]).fetchone()
        if seat != (None,):
            return "taken"
        db.execute("UPDATE seat SET member = %s WHERE number = %s", [member, number])
        return "booked"
