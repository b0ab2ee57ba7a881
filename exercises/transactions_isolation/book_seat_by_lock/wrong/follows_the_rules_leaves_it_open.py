# caught by: follows_the_rules
# says: "taken" and left its transaction open
"""Booking seats of the reading room."""


def book_seat(db, number, member):
    db.execute("BEGIN")
    db.execute("SELECT FROM member WHERE name = %s FOR UPDATE", [member])
    seat = db.execute("SELECT member FROM seat WHERE number = %s FOR UPDATE", [number]).fetchone()
    if seat != (None,):
        return "taken"
    held = db.execute("SELECT number FROM seat WHERE member = %s", [member]).fetchall()
    if len(held) >= 2:
        return "limit"
    db.execute("UPDATE seat SET member = %s WHERE number = %s", [member, number])
    db.execute("COMMIT")
    return "booked"
