"""Each attempt calls the next one; the connection is told to begin and to end, instead of a `with` block."""

from functools import wraps

import psycopg
from psycopg.errors import DeadlockDetected, SerializationFailure


def again(attempts, pause):
    def decorate(work):
        def attempt(number, db, args):
            db.execute("BEGIN")
            try:
                result = work(db, *args)
                db.execute("COMMIT")
                return result
            except BaseException as error:
                if db.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                    db.execute("ROLLBACK")
                if not isinstance(error, SerializationFailure | DeadlockDetected) or number == attempts:
                    raise
            pause(number)
            return attempt(number + 1, db, args)

        @wraps(work)
        def run(db, *args):
            return attempt(1, db, args)
        return run
    return decorate
