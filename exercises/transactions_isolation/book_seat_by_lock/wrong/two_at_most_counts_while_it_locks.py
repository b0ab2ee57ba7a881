# caught by: two_at_most
# says: Cleo books seats 1, 2 and 3 at once
LOOK = """SELECT seat.member, (SELECT count(*) FROM seat AS hers WHERE hers.member = member.name)
          FROM seat, member WHERE seat.number = %s AND member.name = %s FOR UPDATE OF seat, member"""


def book_seat(db, number, member):
    with db.transaction():
        owner, held = db.execute(LOOK, [number, member]).fetchone()
        if owner is not None:
            return "taken"
        if held >= 2:
            return "limit"
        db.execute("UPDATE seat SET member = %s WHERE number = %s", [member, number])
        return "booked"
