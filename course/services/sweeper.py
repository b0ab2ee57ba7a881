"""Drop the databases of one session on the user's server once the session has ended.

Run as a module with the session's mark as its argument and the address in COURSE_DATABASE_URL; it blocks on
standard input until the owner closes it or dies.
"""

import os
import sys

from psycopg import sql
from sqlalchemy import make_url

from course.services.external import VARIABLE, connect

OURS = r"""SELECT d.datname FROM pg_database d
WHERE d.datname LIKE 'course\_%%' AND shobj_description(d.oid, 'pg_database') = %s"""


def sweep(address: str, mark: str) -> None:
    """Drop every database named `course_*` that carries this mark."""
    url = make_url(address)
    with connect(url.set(drivername="postgresql", database=url.database or "postgres")) as connection:
        for (name,) in connection.execute(OURS, [mark]).fetchall():
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


if __name__ == "__main__":
    sys.stdin.read()
    sweep(os.environ[VARIABLE], sys.argv[1])
