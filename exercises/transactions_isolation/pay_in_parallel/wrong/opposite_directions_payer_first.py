# caught by: opposite_directions
# says: DeadlockDetected
"""Paying from one account to another."""


def pay(db, payer, payee, amount):
    with db.transaction():
        credits = {}
        for owner in (payer, payee):
            row = db.execute("SELECT credit FROM account WHERE owner = %s FOR UPDATE", [owner]).fetchone()
            if row is None:
                raise LookupError(owner)
            credits[owner] = row[0]
        if credits[payer] < amount:
            return "not enough"
        db.execute("UPDATE account SET credit = credit - %s WHERE owner = %s", [amount, payer])
        db.execute("UPDATE account SET credit = credit + %s WHERE owner = %s", [amount, payee])
        return "paid"
