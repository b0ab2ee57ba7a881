# caught by: moves_the_amount
# says: left its transaction open
"""Paying from one account to another."""


def pay(db, payer, payee, amount):
    db.execute("BEGIN")
    rows = db.execute("SELECT owner, credit FROM account WHERE owner IN (%s, %s) ORDER BY owner FOR UPDATE",
                      [payer, payee]).fetchall()
    credits = dict(rows)
    if payer not in credits or payee not in credits:
        db.execute("ROLLBACK")
        raise LookupError("no such account")
    if credits[payer] < amount:
        db.execute("ROLLBACK")
        return "not enough"
    db.execute("UPDATE account SET credit = credit - %s WHERE owner = %s", [amount, payer])
    db.execute("UPDATE account SET credit = credit + %s WHERE owner = %s", [amount, payee])
    return "paid"
