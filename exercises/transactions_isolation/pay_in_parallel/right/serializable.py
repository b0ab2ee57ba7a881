"""No lock is asked for: SERIALIZABLE refuses what does not fit, and the whole transaction is repeated."""

import psycopg


def pay_once(db, payer, payee, amount):
    with db.transaction():
        credits = {}
        for owner in (payer, payee):
            row = db.execute("SELECT credit FROM account WHERE owner = %s", [owner]).fetchone()
            if row is None:
                raise LookupError(owner)
            credits[owner] = row[0]
        if credits[payer] < amount:
            return "not enough"
        update = "UPDATE account SET credit = %s WHERE owner = %s"
        db.execute(update, [credits[payer] - amount, payer])
        db.execute(update, [credits[payee] + amount, payee])
        return "paid"


def pay(db, payer, payee, amount):
    db.isolation_level = psycopg.IsolationLevel.SERIALIZABLE
    for _ in range(200):
        try:
            return pay_once(db, payer, payee, amount)
        except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
            continue
    raise TimeoutError("two hundred attempts failed")
