# caught by: gives_up
# says: raises 40001
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
                    if error.sqlstate not in ("40001", "40P01"):
                        raise
                if number < attempts:
                    pause(number)
        return run
    return decorate
