# caught by: gives_up
# says: still tries after 20 calls
from functools import wraps

import psycopg


def again(attempts, pause):
    def decorate(work):
        @wraps(work)
        def run(db, *args):
            number = 0
            while True:
                number += 1
                try:
                    with db.transaction():
                        return work(db, *args)
                except psycopg.Error as error:
                    if error.sqlstate not in ("40001", "40P01"):
                        raise
                pause(number)
        return run
    return decorate
