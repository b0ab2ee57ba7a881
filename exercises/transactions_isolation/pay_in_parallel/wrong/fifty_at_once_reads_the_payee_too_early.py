# caught by: fifty_at_once
# says: The accounts after fifty calls at once
CREDIT = "SELECT credit FROM account WHERE owner = %s"
SET = "UPDATE account SET credit = %s WHERE owner = %s"


def pay(db, payer, payee, amount):
    with db.transaction():
        received = db.execute(CREDIT, [payee]).fetchone()
        paid = db.execute(f"{CREDIT} FOR UPDATE", [payer]).fetchone()
        if received is None or paid is None:
            raise LookupError("no such account")
        if paid[0] < amount:
            return "not enough"
        for credit, owner in sorted([(paid[0] - amount, payer), (received[0] + amount, payee)], key=lambda new: new[1]):
            db.execute(SET, [credit, owner])
        return "paid"
