# caught by: unknown_changes_nothing
# says: The accounts after Zoe has no account
"""Paying from one account to another."""


def pay(db, payer, payee, amount):
    paid = db.execute("UPDATE account SET credit = credit - %s WHERE owner = %s AND credit >= %s",
                      [amount, payer, amount])
    if paid.rowcount == 0:
        if db.execute("SELECT FROM account WHERE owner = %s", [payer]).fetchone() is None:
            raise LookupError(payer)
        return "not enough"
    received = db.execute("UPDATE account SET credit = credit + %s WHERE owner = %s", [amount, payee])
    if received.rowcount == 0:
        raise LookupError(payee)
    return "paid"
