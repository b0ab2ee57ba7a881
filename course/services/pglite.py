"""PostgreSQL in the page: PGlite in the same worker, reached by SQLAlchemy over pg8000 and no socket.

The worker loads PGlite before a cell that imports `course.services.postgres`, and names it `js.pglite`. It is a whole
PostgreSQL with one session: what needs two at a time (locks, isolation between transactions) needs a real server.
Importable in the page only.
"""

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import pg8000.dbapi
from js import pglite
from pyodide.ffi import to_js

from course.services.child import ServiceError
from course.services.databases import Server

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy import URL, Engine

ONE = ("the PostgreSQL in this page has one database and one session; "
       "run the lesson on your own machine, where there is a whole server")
POOL = ("pool_size", "max_overflow", "pool_timeout", "pool_recycle", "pool_use_lifo", "poolclass")

# The class of PEP 249 by the first two characters of an SQLSTATE, as psycopg has it; DatabaseError for others.
# Source: PostgreSQL manual, appendix A, "PostgreSQL Error Codes"; psycopg's documentation, "sqlstate-exceptions".
CLASSES = {
    "08": "OperationalError", "0A": "NotSupportedError", "10": "ProgrammingError", "20": "ProgrammingError",
    "21": "ProgrammingError", "22": "DataError", "23": "IntegrityError", "24": "InternalError", "25": "InternalError",
    "26": "ProgrammingError", "27": "OperationalError", "28": "OperationalError", "2B": "InternalError",
    "2D": "InternalError", "2F": "OperationalError", "34": "ProgrammingError", "38": "OperationalError",
    "39": "OperationalError", "3B": "OperationalError", "3D": "ProgrammingError", "3F": "ProgrammingError",
    "40": "OperationalError", "42": "ProgrammingError", "44": "ProgrammingError", "53": "OperationalError",
    "54": "OperationalError", "55": "OperationalError", "57": "OperationalError", "58": "OperationalError",
    "F0": "OperationalError", "HV": "OperationalError", "P0": "ProgrammingError", "XX": "InternalError",
}


@dataclass(frozen=True)
class Diagnostic:
    """What PostgreSQL says of an error, under the names that psycopg gives it; None where it says nothing.

    Source: PostgreSQL manual, "Error and Notice Message Fields".
    """

    severity: str | None
    sqlstate: str | None
    message_primary: str | None
    message_detail: str | None
    message_hint: str | None
    schema_name: str | None
    table_name: str | None
    column_name: str | None
    datatype_name: str | None
    constraint_name: str | None

    @classmethod
    def of(cls, fields: dict[str, str]) -> "Diagnostic":
        """Read the fields of an ErrorResponse."""
        return cls(*(fields.get(letter) for letter in "VCMDHstcdn"))


class _Told:
    """An error of pg8000 that reads like psycopg's: `sqlstate`, `diag`, and the message as text."""

    args: tuple[Any, ...]

    @property
    def diag(self) -> Diagnostic:
        """What the server says of the error."""
        return Diagnostic.of(self.args[0])

    @property
    def sqlstate(self) -> str | None:
        """The five characters that name the error."""
        return self.diag.sqlstate

    def __str__(self) -> str:
        said = self.diag
        more = [("DETAIL", said.message_detail), ("HINT", said.message_hint)]
        return "\n".join([said.message_primary or "", *(f"{name}:  {text}" for name, text in more if text)])


def _told(name: str) -> type:
    """Return the class of PEP 249 with this name that also tells."""
    return type(name, (_Told, getattr(pg8000.dbapi, name)), {"__module__": __name__, "__doc__": _Told.__doc__})


ERRORS = {name: _told(name) for name in {*CLASSES.values(), "DatabaseError"}}


class Socket:
    """Stand for the socket and the file on it that pg8000 writes to: what is read is what PGlite answers at once."""

    def __init__(self) -> None:
        self._out = bytearray()
        self._in = bytearray()

    def makefile(self, mode: str) -> "Socket":
        """Return the file on the socket, itself."""
        return self

    def settimeout(self, seconds: float | None) -> None:
        """Do nothing: an answer never has to be waited for."""

    def close(self) -> None:
        """Do nothing: PGlite lives as long as the page."""

    def write(self, content: bytes) -> int:
        """Keep what is to be sent."""
        self._out += content
        return len(content)

    def flush(self) -> None:
        """Send what was written and keep the answer."""
        if self._out:
            content, self._out = bytes(self._out), bytearray()
            self._in += pglite.execProtocolRawSync(to_js(content)).to_bytes()

    def read(self, count: int) -> bytes:
        """Return the next bytes of the answer."""
        self.flush()
        content = bytes(self._in[:count])
        del self._in[:count]
        return content


class Connection(pg8000.dbapi.Connection):  # type: ignore[misc]  # pg8000 is not there when types are checked
    """A pg8000 connection to PGlite, with the classes of error that psycopg raises."""

    _names: set[bytes] = set()  # noqa: RUF012  # of prepared statements: one set for all, as there is one session

    def __init__(self) -> None:
        super().__init__(user="postgres", database="postgres", sock=Socket(), ssl_context=False)
        self._statement_nums = self._names

    def handle_ERROR_RESPONSE(self, data: bytes, context: Any) -> None:
        """Put an error of the right class in the place of pg8000's, which has one class for all."""
        super().handle_ERROR_RESPONSE(data, context)
        fields = context.error.args[0]
        context.error = ERRORS[CLASSES.get(fields.get("C", "")[:2], "DatabaseError")](fields)

    def close(self) -> None:
        """Undo what was not committed; the session itself stays, for the next connection."""
        with contextlib.suppress(pg8000.dbapi.Error):
            self.rollback()


class PageServer(Server):
    """The PostgreSQL of the page: one database, one session."""

    default_database = "postgres"
    mark = "made by the course"

    def stop(self) -> None:
        """Do nothing: it ends with the page's Python."""

    def engine(self, database: str | None = None, **kwargs: Any) -> "Engine":
        """Return a SQLAlchemy engine; all engines share the one session. Raises ServiceError for another database."""
        from sqlalchemy import create_engine
        from sqlalchemy.pool import StaticPool

        if database not in (None, self.default_database):
            self._refuse()
        if unfit := [name for name in POOL if name in kwargs]:
            raise ServiceError(f"leave out {', '.join(unfit)}: {ONE}")
        return create_engine("postgresql+pg8000://postgres@/postgres", creator=Connection, poolclass=StaticPool,
                             **kwargs)

    def connect(self, database: str | None = None, **kwargs: Any) -> NoReturn:
        """Raise ServiceError: there is no psycopg here."""
        raise ServiceError("psycopg needs a network connection, which Python in this page has not: "
                           "use engine() and SQLAlchemy, or run the lesson on your own machine")

    def url_of(self, database: str | None = None, driver: str | None = "psycopg") -> NoReturn:
        """Raise ServiceError: nothing listens here."""
        raise ServiceError("the PostgreSQL in this page has no address, since nothing can connect to it: use engine()")

    def create_database(self, name: str, template: str | None = None) -> NoReturn:
        """Raise ServiceError: there is one database."""
        self._refuse()

    def drop_database(self, name: str) -> NoReturn:
        """Raise ServiceError: there is one database."""
        self._refuse()

    def _url(self, database: str) -> "URL":
        self._refuse()

    def _maintain(self) -> "psycopg.Connection[tuple[Any, ...]]":
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise ServiceError(ONE)
