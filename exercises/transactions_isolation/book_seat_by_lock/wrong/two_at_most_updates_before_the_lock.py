# caught by: two_at_most
# says: lock the member before the UPDATE
import psycopg


def book_seat(db, number, member):
    with db.transaction() as booking:
        give = "UPDATE seat SET member = %s WHERE number = %s AND member IS NULL"
        if db.execute(give, [member, number]).rowcount == 0:
            return "taken"
        db.execute("SELECT 1 FROM member WHERE name = %s FOR UPDATE", [member])
        if len(db.execute("SELECT number FROM seat WHERE member = %s", [member]).fetchall()) <= 2:
            return "booked"
        raise psycopg.Rollback(booking)
    return "limit"
