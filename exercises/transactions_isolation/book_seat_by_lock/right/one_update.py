"""Only the member's row is locked by hand: the UPDATE itself tests again whether the seat is free."""


def book_seat(db, number, member):
    with db.transaction():
        (name,) = db.execute("SELECT name FROM member WHERE name = %s FOR NO KEY UPDATE", [member]).fetchone()
        (held,) = db.execute("SELECT count(*) FROM seat WHERE member = %s", [name]).fetchone()
        if held >= 2:
            (owner,) = db.execute("SELECT member FROM seat WHERE number = %s", [number]).fetchone()
            return "taken" if owner else "limit"
        update = db.execute("UPDATE seat SET member = %s WHERE number = %s AND member IS NULL", [name, number])
        return "booked" if update.rowcount else "taken"
