# caught by: goes_by_what_was_written
# says: raises CheckViolation
"""Paying from one account to another."""


def pay(db, payer, payee, amount):
    with db.transaction():
        rows = db.execute("SELECT owner, credit FROM account WHERE owner IN (%s, %s)", [payer, payee]).fetchall()
        credits = dict(rows)
        if payer not in credits or payee not in credits:
            raise LookupError("no such account")
        if credits[payer] < amount:
            return "not enough"
        for owner, change in sorted([(payer, -amount), (payee, amount)]):
            db.execute("UPDATE account SET credit = credit + %s WHERE owner = %s", [change, owner])
        return "paid"
