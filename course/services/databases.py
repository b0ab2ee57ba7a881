"""Databases, connections and engines on one PostgreSQL server.

psycopg and SQLAlchemy are imported where they are used: a server can be started without waiting for them.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from course.services.child import ServiceError

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy import URL, Engine

NAME = re.compile(r"course_[a-z0-9_]{1,56}", re.ASCII)  # PostgreSQL cuts names after 63 bytes
COMMENT = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"


class Server(ABC):
    """A PostgreSQL server on which databases named `course_*` can be made and dropped, and no others.

    `default_database` is the one that is meant when none is named; `mark` is the comment that a database gets,
    and by which it is known as ours; `connect_args` are given to psycopg with each connection.
    """

    default_database: str
    mark: str
    connect_args: Mapping[str, str] = {}

    @abstractmethod
    def stop(self) -> None:
        """End what we have started or made."""

    @abstractmethod
    def _url(self, database: str) -> "URL":
        """Return the address of a database, without a driver. Raises ServiceError where it is out of bounds."""

    @abstractmethod
    def _maintain(self) -> "psycopg.Connection[tuple[Any, ...]]":
        """Connect to the database from which others are made and dropped, in autocommit mode."""

    @property
    def url(self) -> str:
        """The SQLAlchemy address of the default database, with psycopg as the driver."""
        return self.url_of()

    def url_of(self, database: str | None = None, driver: str | None = "psycopg") -> str:
        """Return the address of a database for SQLAlchemy, or with `driver=None` for libpq and other clients."""
        url = self._url(database or self.default_database)
        return url.set(drivername=_scheme(driver)).render_as_string(hide_password=False)

    def engine(self, database: str | None = None, **kwargs: Any) -> "Engine":
        """Return a SQLAlchemy engine on psycopg; `kwargs` go to `sqlalchemy.create_engine`."""
        from sqlalchemy import create_engine

        arguments = {**self.connect_args, **kwargs.pop("connect_args", {})}
        return create_engine(self.url_of(database), connect_args=arguments, **kwargs)

    def connect(self, database: str | None = None, **kwargs: Any) -> "psycopg.Connection[tuple[Any, ...]]":
        """Return a psycopg connection; `kwargs` go to `psycopg.connect`."""
        import psycopg

        return psycopg.connect(self.url_of(database, driver=None), **{**self.connect_args, **kwargs})

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make a database, as a copy of `template` when one is named (nobody may be connected to that).

        Raises ValueError when the name is not `course_` and then small letters, digits and underscores, and
        psycopg.errors.DuplicateDatabase when there is one of this name.
        """
        from psycopg import sql

        _check_name(name)
        if template is not None:
            self._url(template)
        copied = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        with self._maintain() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + copied)
            connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(name), sql.Literal(self.mark)))

    def drop_database(self, name: str) -> None:
        """Drop a database that we made, with the connections to it; none of this name is no error.

        Raises ValueError when the name is not `course_*`, and ServiceError when this server object did not make it.
        """
        from psycopg import sql

        _check_name(name)
        with self._maintain() as connection:
            found = connection.execute(COMMENT, [name]).fetchone()
            if found and found[0] != self.mark:
                raise ServiceError(f"the database {name} was not made here, so it is left alone: "
                                   "choose another name, or drop it yourself if nobody needs it")
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be the name of a database of the course: use course_ and then small "
                         "letters, digits and underscores, 63 characters at most")


def _scheme(driver: str | None) -> str:
    return f"postgresql+{driver}" if driver else "postgresql"
