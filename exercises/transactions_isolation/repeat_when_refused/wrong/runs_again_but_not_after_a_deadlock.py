# caught by: runs_again
# says: refused twice with 40P01
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
                except psycopg.errors.SerializationFailure:
                    if number == attempts:
                        raise
                pause(number)
        return run
    return decorate
