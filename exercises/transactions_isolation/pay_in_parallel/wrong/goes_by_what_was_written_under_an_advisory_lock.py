# caught by: goes_by_what_was_written
# says: 'paid'
def pay(db, payer, payee, amount):
    with db.transaction():
        db.execute("SELECT pg_advisory_xact_lock(1)")  # one payment at a time
        credits = dict(db.execute("SELECT owner, credit FROM account").fetchall())
        if payer not in credits or payee not in credits:
            raise LookupError("no such account")
        if credits[payer] < amount:
            return "not enough"
        db.execute("UPDATE account SET credit = %s WHERE owner = %s", [credits[payer] - amount, payer])
        db.execute("UPDATE account SET credit = %s WHERE owner = %s", [credits[payee] + amount, payee])
        return "paid"
