# caught by: nothing_else
# says: a lock was not available
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
                except psycopg.OperationalError:
                    if number == attempts:
                        raise
                pause(number)
        return run
    return decorate
