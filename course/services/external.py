"""The user's own PostgreSQL server, named by COURSE_DATABASE_URL: a guest there touches only what is its own."""

import uuid
from typing import Any

import psycopg
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from course.services.binaries import OLDEST
from course.services.child import ServiceError
from course.services.databases import COMMENT, Server
from course.services.guard import Guard

VARIABLE = "COURSE_DATABASE_URL"
CONNECT_TIMEOUT = "5"  # seconds
ADVICE = f"Start that server or correct {VARIABLE}, or unset it for the PostgreSQL that the course starts itself."


class ExternalServer(Server):
    """A server that runs without us. Our databases there go when we end, also after `kill -9`.

    Parameter: `address`, a URL such as `postgresql://user:password@host:5432/postgres`. The database in it is
    used to make and drop ours, and for nothing else; the user needs the CREATEDB privilege. Raises ServiceError
    when the address is malformed or the server cannot be used.
    """

    def __init__(self, address: str) -> None:
        self._address = _parse(address)
        session = uuid.uuid4().hex[:12]
        self.default_database = f"course_{session}"
        self.mark = f"made by the course in session {session}"
        self._check_server()
        self._sweeper = Guard(["-m", "course.services.sweeper", self.mark], lambda kind, rest: None,
                              env={VARIABLE: self._address.render_as_string(hide_password=False)})
        try:
            self.create_database(self.default_database)
        except psycopg.Error as error:
            self.stop()
            raise ServiceError(f"no database can be made on the server of {VARIABLE}: {_first_line(error)}. "
                               f"The user needs CREATEDB. {ADVICE}") from error

    def stop(self) -> None:
        """Drop our databases there; the server itself goes on."""
        self._sweeper.close()

    def _url(self, database: str) -> URL:
        if database != self.default_database:
            with self._maintain() as connection:
                found = connection.execute(COMMENT, [database]).fetchone()
            if found and found[0] != self.mark:
                raise ServiceError(f"{database} on the server of {VARIABLE} is not a database of this session: "
                                   "it is left alone; make your own with create_database('course_...')")
        return self._address.set(database=database)

    def _maintain(self) -> "psycopg.Connection[tuple[Any, ...]]":
        return psycopg.connect(self._address.render_as_string(hide_password=False), autocommit=True)

    def _check_server(self) -> None:
        try:
            with self._maintain() as connection:
                version = connection.info.server_version
        except psycopg.Error as error:
            raise ServiceError(f"the server of {VARIABLE} ({self._address.render_as_string()}) cannot be used: "
                               f"{_first_line(error)}. {ADVICE}") from error
        if version < OLDEST * 10000:
            raise ServiceError(f"the server of {VARIABLE} is PostgreSQL {version // 10000}, and the course needs "
                               f"{OLDEST} or newer. {ADVICE}")


def _parse(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise ServiceError(f"{VARIABLE} is no URL: write postgresql://user:password@host:5432/postgres. "
                           f"{ADVICE}") from error
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise ServiceError(f"{VARIABLE} names {url.get_backend_name()}, and the course needs PostgreSQL. {ADVICE}")
    return url.set(drivername="postgresql", database=url.database or "postgres",
                   query={"connect_timeout": CONNECT_TIMEOUT, **url.query})


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
