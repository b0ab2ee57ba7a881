# caught by: lets_errors_out
# says: raises UndefinedTable
import psycopg


class BadAddressError(Exception):
    pass


TAKE = "SELECT id, member FROM job WHERE trouble IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"


def work_one(db, send):
    with db.transaction():
        row = db.execute(TAKE).fetchone()
        if row is None:
            return None
        job, member = row
        try:
            with db.transaction():
                send(db, job, member)
        except (BadAddressError, psycopg.Error) as error:
            db.execute("UPDATE job SET trouble = %s WHERE id = %s", [str(error), job])
        else:
            db.execute("DELETE FROM job WHERE id = %s", [job])
        return job
