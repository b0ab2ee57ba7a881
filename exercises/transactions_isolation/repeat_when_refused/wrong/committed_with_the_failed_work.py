# caught by: committed
# says: left the transaction open
"""Running a transaction again when PostgreSQL has refused it for its neighbours' sake."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]
Work = Callable[..., Any]
REFUSED = ("40001", "40P01")  # serialization failure, deadlock: nothing is wrong with the work itself


def again(attempts: int, pause: Callable[[int], None]) -> Callable[[Work], Work]:
    """Return a decorator: `work(db, ...)` is run in a transaction, up to `attempts` times while it is refused.

    `pause` is called between two attempts with the number of the one that was refused.
    """
    def decorate(work: Work) -> Work:
        @wraps(work)
        def run(db: Connection, *args: Any) -> Any:
            for number in range(1, attempts + 1):
                try:
                    db.execute("BEGIN")
                    result = work(db, *args)
                    db.execute("COMMIT")
                    return result
                except psycopg.Error as error:
                    db.execute("ROLLBACK")
                    if error.sqlstate not in REFUSED or number == attempts:
                        raise
                pause(number)
        return run
    return decorate
