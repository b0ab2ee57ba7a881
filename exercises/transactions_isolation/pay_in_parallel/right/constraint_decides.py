"""No row is read: both updates run in the order of the names, and the table's CHECK says whether there is enough."""

import psycopg


def pay(db, payer, payee, amount):
    try:
        with db.transaction():
            for owner, change in sorted([(payer, -amount), (payee, amount)]):
                update = db.execute("UPDATE account SET credit = credit + %s WHERE owner = %s", [change, owner])
                if update.rowcount == 0:
                    raise LookupError(owner)
    except psycopg.errors.CheckViolation:
        return "not enough"
    return "paid"
