# caught by: pauses_between
# says: when `pause` is called
from functools import wraps

import psycopg


def again(attempts, pause):
    def decorate(work):
        @wraps(work)
        def run(db, *args):
            for number in range(1, attempts + 1):
                try:
                    with db.transaction():
                        try:
                            return work(db, *args)
                        except psycopg.Error as error:
                            if error.sqlstate in ("40001", "40P01") and number < attempts:
                                pause(number)
                            raise
                except psycopg.Error as error:
                    if error.sqlstate not in ("40001", "40P01") or number == attempts:
                        raise
        return run
    return decorate
