# caught by: nothing_else
# says: unknown whether it was committed
from functools import wraps

import psycopg


def again(attempts, pause):
    def decorate(work):
        @wraps(work)
        def run(db, *args):
            for number in range(1, attempts + 1):
                try:
                    with db.transaction():
                        return work(db, *args)
                except psycopg.Error as error:
                    if not error.sqlstate.startswith("40") or number == attempts:
                        raise
                pause(number)
        return run
    return decorate
