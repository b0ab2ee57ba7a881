# caught by: pays_in_the_end
# says: raises TimeoutError
"""Paying from one account to another."""

import psycopg


def pay(db, payer, payee, amount):
    db.isolation_level = psycopg.IsolationLevel.SERIALIZABLE
    for _ in range(5):
        try:
            with db.transaction():
                credits = dict(db.execute("SELECT owner, credit FROM account").fetchall())
                if payer not in credits or payee not in credits:
                    raise LookupError("no such account")
                if credits[payer] < amount:
                    return "not enough"
                db.execute("UPDATE account SET credit = credit - %s WHERE owner = %s", [amount, payer])
                db.execute("UPDATE account SET credit = credit + %s WHERE owner = %s", [amount, payee])
            return "paid"
        except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
            pass
    raise TimeoutError("five attempts failed")
