"""Drop the databases of one session on the user's server once the session has ended.

Run as a module with the session's mark as its argument and a libpq address in COURSE_DATABASE_URL; it blocks on
standard input until the owner closes it or dies.
"""

import os
import sys

import psycopg
from psycopg import sql

OURS = r"""SELECT d.datname FROM pg_database d
WHERE d.datname LIKE 'course\_%%' AND shobj_description(d.oid, 'pg_database') = %s"""


def sweep(address: str, mark: str) -> None:
    """Drop every database named `course_*` that carries this mark."""
    with psycopg.connect(address, autocommit=True) as connection:
        for (name,) in connection.execute(OURS, [mark]).fetchall():
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


if __name__ == "__main__":
    sys.stdin.read()
    sweep(os.environ["COURSE_DATABASE_URL"], sys.argv[1])
