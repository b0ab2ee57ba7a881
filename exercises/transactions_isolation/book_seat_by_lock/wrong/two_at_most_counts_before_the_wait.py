# caught by: two_at_most
# says: Cleo books seats 1, 2 and 3 at once
"""Booking seats of the reading room."""


def book_seat(db, number, member):
    with db.transaction():
        seat = db.execute("SELECT member FROM seat WHERE number = %s FOR UPDATE", [number]).fetchone()
        if seat != (None,):
            return "taken"
        # One statement has one snapshot, and this one was taken before it waited for the lock.
        (held,) = db.execute("SELECT (SELECT count(*) FROM seat WHERE member = name) FROM member "
                             "WHERE name = %s FOR UPDATE", [member]).fetchone()
        if held >= 2:
            return "limit"
        db.execute("UPDATE seat SET member = %s WHERE number = %s", [member, number])
        return "booked"
