# caught by: opposite_directions
# says: raises DeadlockDetected
"""Paying from one account to another."""

import psycopg


def pay(db, payer, payee, amount):
    try:
        with db.transaction():
            update = db.execute("UPDATE account SET credit = credit + CASE WHEN owner = %s THEN -%s ELSE %s END "
                                "WHERE owner IN (%s, %s)", [payer, amount, amount, payer, payee])
            if update.rowcount < 2:
                raise LookupError("no such account")
    except psycopg.errors.CheckViolation:
        return "not enough"
    return "paid"
