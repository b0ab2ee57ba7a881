# caught by: new_snapshot
# says: the copies that each attempt read
from functools import wraps

import psycopg


def again(attempts, pause):
    def decorate(work):
        @wraps(work)
        def run(db, *args):
            with db.transaction():
                for number in range(1, attempts + 1):
                    try:
                        with db.transaction():
                            return work(db, *args)
                    except psycopg.Error as error:
                        if error.sqlstate not in ("40001", "40P01") or number == attempts:
                            raise
                    pause(number)
        return run
    return decorate
