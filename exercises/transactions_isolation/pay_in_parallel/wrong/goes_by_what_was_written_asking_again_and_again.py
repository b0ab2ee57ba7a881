# caught by: goes_by_what_was_written
# says: asks again and again
import psycopg


def pay(db, payer, payee, amount):
    while True:
        try:
            with db.transaction():
                rows = db.execute("SELECT owner, credit FROM account WHERE owner IN (%s, %s) "
                                  "ORDER BY owner FOR UPDATE NOWAIT", [payer, payee]).fetchall()
                credits = dict(rows)
                if len(credits) < 2:
                    raise LookupError("no such account")
                if credits[payer] < amount:
                    return "not enough"
                db.execute("UPDATE account SET credit = credit - %s WHERE owner = %s", [amount, payer])
                db.execute("UPDATE account SET credit = credit + %s WHERE owner = %s", [amount, payee])
                return "paid"
        except psycopg.errors.LockNotAvailable:
            pass
