"""No locks: SERIALIZABLE notices who read what, and a refused booking starts again."""

import psycopg


def book_seat(db, number, member):
    db.isolation_level = psycopg.IsolationLevel.SERIALIZABLE
    for _ in range(50):
        try:
            with db.transaction():
                owners = dict(db.execute("SELECT number, member FROM seat").fetchall())
                if owners[number]:
                    return "taken"
                if list(owners.values()).count(member) >= 2:
                    return "limit"
                db.execute("UPDATE seat SET member = %s WHERE number = %s", [member, number])
                result = "booked"
            return result
        except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
            pass
    raise TimeoutError("fifty attempts failed")
