# caught by: moves_the_amount
# says: raises CheckViolation
"""Paying from one account to another."""


def pay(db, payer, payee, amount):
    with db.transaction():
        for owner, change in sorted([(payer, -amount), (payee, amount)]):
            update = db.execute("UPDATE account SET credit = credit + %s WHERE owner = %s", [change, owner])
            if update.rowcount == 0:
                raise LookupError(owner)
    return "paid"
