"""A real PostgreSQL without installing one: the server that a notebook shares, and what is done on it.

In the page it is PGlite (course.services.pglite): one database, one session, no psycopg, and no `Cluster`.

The first call starts a server for this process, which dies with it. COURSE_DATABASE_URL names another server to
use instead; an ambient DATABASE_URL is never read. What concerns a whole server (roles, configuration, `kill -9`)
belongs on a `Cluster` of its own.
"""

import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from course.services.child import ServiceError
from course.services.databases import Server

if sys.platform != "emscripten":
    from course.services.cluster import Cluster

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy import Engine

__all__ = ["Cluster", "Server", "ServiceError", "connect", "create_database", "drop_database", "engine", "shared",
           "sqlstate", "url"]

_shared: Server | None = None
_lock = threading.Lock()


def shared() -> Server:
    """Return the server of this process, started by the first call. Raises ServiceError when there can be none."""
    global _shared
    with _lock:
        if _shared is None or not getattr(_shared, "running", True):
            _shared = _open(os.environ.get("COURSE_DATABASE_URL"))
        return _shared


def _open(address: str | None) -> Server:
    if sys.platform == "emscripten":
        return _in_page()
    if not address:
        return Cluster().start()
    from course.services.external import ExternalServer

    return ExternalServer(address)


def _in_page() -> Server:
    try:
        from course.services.pglite import PageServer
    except ImportError as error:
        raise ServiceError("PostgreSQL did not come into this page: check the connection and run the cell again; "
                           f"if it stays so, run the lesson on your own machine ({error})") from error
    return PageServer()


def url(database: str | None = None, driver: str | None = "psycopg") -> str:
    """Return the address of a database on the shared server; see `Server.url_of`."""
    return shared().url_of(database, driver)


def engine(database: str | None = None, **kwargs: Any) -> "Engine":
    """Return a SQLAlchemy engine on psycopg for a database on the shared server.

    `kwargs` go to `sqlalchemy.create_engine`. Without `database` it is one that only this process uses.
    """
    return shared().engine(database, **kwargs)


def connect(database: str | None = None, **kwargs: Any) -> "psycopg.Connection[tuple[Any, ...]]":
    """Return a psycopg connection to a database on the shared server; `kwargs` go to `psycopg.connect`."""
    return shared().connect(database, **kwargs)


def create_database(name: str, template: str | None = None) -> None:
    """Make a database named `course_*` on the shared server; see `Server.create_database`."""
    shared().create_database(name, template)


def drop_database(name: str) -> None:
    """Drop a database that `create_database` made; see `Server.drop_database`."""
    shared().drop_database(name)


def sqlstate(error: BaseException | None) -> str | None:
    """Return the five characters with which PostgreSQL names an error, or None when it sent none.

    Understands the exceptions of psycopg, asyncpg and pg8000, also inside SQLAlchemy's (`orig`) or another
    exception (`__cause__`). Source: PostgreSQL manual, appendix A, "PostgreSQL Error Codes".
    """
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        current = waiting.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        if found := _own_state(current):
            return found
        waiting += [current.__cause__, getattr(current, "orig", None)]
    return None


def _own_state(error: BaseException) -> str | None:
    fields = error.args[0] if error.args and isinstance(error.args[0], dict) else {}  # pg8000's form
    candidates = (getattr(error, "sqlstate", None), getattr(error, "pgcode", None), fields.get("C"))
    return next((state for state in candidates if isinstance(state, str)), None)
