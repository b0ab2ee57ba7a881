# caught by: notes_trouble
# says: the lock was given up too early
class BadAddressError(Exception):
    pass


TAKE = "SELECT id, member FROM job WHERE trouble IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"


def work_one(db, send):
    with db.transaction():
        try:
            with db.transaction():
                row = db.execute(TAKE).fetchone()
                if row is None:
                    return None
                job, member = row
                send(db, job, member)
                db.execute("DELETE FROM job WHERE id = %s", [job])
        except BadAddressError as error:
            db.execute("UPDATE job SET trouble = %s WHERE id = %s", [str(error), job])
        return job
