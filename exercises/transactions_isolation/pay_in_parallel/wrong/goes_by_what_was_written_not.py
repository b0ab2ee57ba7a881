# caught by: goes_by_what_was_written
# says: and then that program commits
"""Paying from one account to another."""


def pay(db, payer, payee, amount):
    with db.transaction():
        rows = db.execute("SELECT owner, credit FROM account WHERE owner IN (%s, %s)", [payer, payee]).fetchall()
        credits = dict(rows)
        if payer not in credits or payee not in credits:
            raise LookupError("no such account")
        if credits[payer] < amount:
            return "not enough"
        after = {payer: credits[payer] - amount, payee: credits[payee] + amount}
        for owner in sorted(after):
            db.execute("UPDATE account SET credit = %s WHERE owner = %s", [after[owner], owner])
        return "paid"
