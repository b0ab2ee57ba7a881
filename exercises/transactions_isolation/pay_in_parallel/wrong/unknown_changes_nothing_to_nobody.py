# caught by: unknown_changes_nothing
# says: LookupError is raised
"""Paying from one account to another."""


def pay(db, payer, payee, amount):
    with db.transaction():
        rows = db.execute("SELECT owner, credit FROM account WHERE owner IN (%s, %s) ORDER BY owner FOR UPDATE",
                          [payer, payee]).fetchall()
        credits = dict(rows)
        if payer not in credits:
            raise LookupError(payer)
        if credits[payer] < amount:
            return "not enough"
        db.execute("UPDATE account SET credit = credit - %s WHERE owner = %s", [amount, payer])
        db.execute("UPDATE account SET credit = credit + %s WHERE owner = %s", [amount, payee])
        return "paid"
