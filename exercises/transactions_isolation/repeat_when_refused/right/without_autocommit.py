"""Autocommit is off meanwhile: psycopg begins by itself, and only the end of a transaction is written down."""

from functools import wraps

import psycopg


def again(attempts, pause):
    def decorate(work):
        @wraps(work)
        def run(db, *args):
            db.autocommit = False
            try:
                for number in range(1, attempts + 1):
                    try:
                        result = work(db, *args)
                        db.commit()
                        return result
                    except psycopg.Error as error:
                        db.rollback()
                        if error.sqlstate not in ("40001", "40P01") or number == attempts:
                            raise
                    except BaseException:
                        db.rollback()
                        raise
                    pause(number)
            finally:
                db.autocommit = True
        return run
    return decorate
