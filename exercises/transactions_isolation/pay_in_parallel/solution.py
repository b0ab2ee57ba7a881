"""Paying from one account to another, right at any number of tills."""

from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]


def pay(db: Connection, payer: str, payee: str, amount: int) -> str:
    """Move `amount` from one account to the other and return "paid", or "not enough" when nothing was moved.

    Raises LookupError when one of the two has no account.
    """
    # >>> move the amount: all or nothing, and right beside any other call
    with db.transaction():
        # Locked before they are read, and by name: whoever pays whom, the same account comes first.
        rows = db.execute("SELECT owner, credit FROM account WHERE owner IN (%s, %s) ORDER BY owner FOR UPDATE",
                          [payer, payee]).fetchall()
        credits: dict[str, int] = dict(rows)
        for owner in (payer, payee):
            if owner not in credits:
                raise LookupError(f"{owner} has no account")
        if credits[payer] < amount:
            return "not enough"
        change = "UPDATE account SET credit = credit + %s WHERE owner = %s"
        db.execute(change, [-amount, payer])
        db.execute(change, [amount, payee])
        return "paid"
    # <<<
