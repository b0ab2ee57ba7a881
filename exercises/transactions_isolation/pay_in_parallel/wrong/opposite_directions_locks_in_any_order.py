# caught by: opposite_directions
# says: raises DeadlockDetected
"""Paying from one account to another."""


def pay(db, payer, payee, amount):
    with db.transaction():
        rows = db.execute("SELECT owner, credit FROM account WHERE owner = ANY(%s) FOR UPDATE",
                          [[payer, payee]]).fetchall()
        credits = dict(rows)
        if payer not in credits or payee not in credits:
            raise LookupError("no such account")
        if credits[payer] < amount:
            return "not enough"
        db.execute("UPDATE account SET credit = credit - %s WHERE owner = %s", [amount, payer])
        db.execute("UPDATE account SET credit = credit + %s WHERE owner = %s", [amount, payee])
        return "paid"
