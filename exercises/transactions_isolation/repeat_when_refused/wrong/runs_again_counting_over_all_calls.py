# caught by: runs_again
# says: the second call
from functools import wraps

import psycopg


def again(attempts, pause):
    def decorate(work):
        number = 0

        @wraps(work)
        def run(db, *args):
            nonlocal number
            while True:
                number += 1
                try:
                    with db.transaction():
                        return work(db, *args)
                except psycopg.Error as error:
                    if error.sqlstate not in ("40001", "40P01") or number >= attempts:
                        raise
                pause(number)
        return run
    return decorate
