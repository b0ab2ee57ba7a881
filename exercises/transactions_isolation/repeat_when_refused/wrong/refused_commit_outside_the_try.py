# caught by: refused_commit
# says: Ben's COMMIT is refused
from functools import wraps

import psycopg


def again(attempts, pause):
    def decorate(work):
        @wraps(work)
        def run(db, *args):
            for number in range(1, attempts + 1):
                with db.transaction():
                    try:
                        return work(db, *args)
                    except psycopg.Error as error:
                        if error.sqlstate not in ("40001", "40P01") or number == attempts:
                            raise
                pause(number)
        return run
    return decorate
