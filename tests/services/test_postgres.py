"""Databases, engines and errors on the server that a notebook shares."""

import asyncio
from collections.abc import Callable, Iterator

import psycopg
import pytest
import sqlalchemy
from psycopg.rows import dict_row
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool, StaticPool

from course.services import postgres
from course.services.postgres import Cluster, ServiceError


@pytest.fixture
def shared(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """Let the tests' server be the one that is shared."""
    monkeypatch.setattr(postgres, "_shared", cluster)
    return cluster


@pytest.fixture
def library(shared: Cluster) -> Iterator[str]:
    """A database of the test's own."""
    postgres.create_database("course_library")
    yield "course_library"
    postgres.drop_database("course_library")


def test_a_connection_is_psycopg_s_and_takes_its_options(library: str) -> None:
    with postgres.connect(library, row_factory=dict_row, autocommit=True) as connection:
        assert connection.autocommit
        assert connection.execute("SELECT current_database() AS name").fetchone() == {"name": library}


def test_an_engine_is_sqlalchemy_s_on_psycopg_and_takes_its_options(library: str) -> None:
    engine = postgres.engine(library, poolclass=StaticPool, connect_args={"application_name": "shelf"})
    with engine.connect() as connection:
        query = sqlalchemy.text("SELECT current_database(), current_setting('application_name')")
        assert tuple(connection.execute(query).one()) == (library, "shelf")
    assert (engine.dialect.driver, type(engine.pool)) == ("psycopg", StaticPool)
    engine.dispose()


def test_the_address_serves_async_engines_and_other_clients(library: str) -> None:
    async def name() -> str:
        engine = create_async_engine(postgres.url(library), poolclass=NullPool)
        async with engine.connect() as connection:
            return (await connection.execute(sqlalchemy.text("SELECT current_database()"))).scalar_one()

    assert asyncio.run(name()) == library
    assert psycopg.connect(postgres.url(library, driver=None)).close() is None
    assert postgres.url(library, driver="asyncpg").startswith("postgresql+asyncpg://postgres@127.0.0.1:")


def test_a_database_made_from_a_template_has_its_own_copy(library: str) -> None:
    with postgres.connect(library) as connection:
        connection.execute("CREATE TABLE book AS SELECT 'Emma' AS title")
    postgres.create_database("course_copy", template=library)
    with postgres.connect("course_copy") as connection:
        assert connection.execute("UPDATE book SET title = 'Persuasion' RETURNING title").fetchone() == ("Persuasion",)
    with postgres.connect(library) as connection:
        assert connection.execute("SELECT title FROM book").fetchone() == ("Emma",)
    postgres.drop_database("course_copy")


def test_dropping_ends_the_connections_to_it_and_may_be_repeated(shared: Cluster) -> None:
    postgres.create_database("course_short")
    with pytest.raises(psycopg.errors.DuplicateDatabase):
        postgres.create_database("course_short")
    connection = postgres.connect("course_short")
    postgres.drop_database("course_short")
    postgres.drop_database("course_short")
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        postgres.connect("course_short")


@pytest.mark.parametrize("name", ["shop", "postgres", "template1", "course_", "Course_x", "course_x; DROP", "course-x",
                                  "xcourse_x", "course_é", "course_" + "x" * 57, "course_x\n"])
def test_only_names_of_the_course_are_made_or_dropped(shared: Cluster, name: str) -> None:
    for act in (postgres.create_database, postgres.drop_database):
        with pytest.raises(ValueError, match="cannot be the name of a database of the course"):
            act(name)


def test_a_database_that_was_not_made_here_is_not_dropped(shared: Cluster) -> None:
    with shared.connect(autocommit=True) as connection:
        connection.execute("CREATE DATABASE course_by_hand")
        with pytest.raises(ServiceError, match="course_by_hand was not made here"):
            postgres.drop_database("course_by_hand")
        connection.execute("DROP DATABASE course_by_hand")


def test_the_shared_server_is_started_once_and_again_after_it_was_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_shared", None)
    first = postgres.shared()
    try:
        assert postgres.shared() is first
        first.stop()
        assert postgres.shared() is not first
        with postgres.connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        postgres.shared().stop()


class TestSqlstate:
    """The five characters, whichever way the error comes."""

    def raised(self, act: Callable[[], object]) -> Exception:
        with pytest.raises(Exception) as caught:  # noqa: PT011  each caller says what it raises
            act()
        return caught.value

    def test_of_psycopg(self, shared: Cluster) -> None:
        with postgres.connect() as connection:
            error = self.raised(lambda: connection.execute("SELECT 1 / 0"))
        assert isinstance(error, psycopg.Error)
        assert postgres.sqlstate(error) == "22012"

    def test_of_sqlalchemy(self, shared: Cluster) -> None:
        engine = postgres.engine()
        with engine.connect() as connection:
            error = self.raised(lambda: connection.exec_driver_sql("SELECT * FROM nowhere"))
        engine.dispose()
        assert isinstance(error, sqlalchemy.exc.ProgrammingError)
        assert postgres.sqlstate(error) == "42P01"

    def test_of_sqlalchemy_async(self, shared: Cluster) -> None:
        async def fail() -> None:
            engine = create_async_engine(postgres.url(), poolclass=NullPool)
            async with engine.connect() as connection:
                await connection.exec_driver_sql("INSERT INTO pg_class VALUES (NULL)")

        assert postgres.sqlstate(self.raised(lambda: asyncio.run(fail()))) == "23502"

    def test_of_other_drivers_and_of_exceptions_around_them(self) -> None:
        class AsyncpgError(Exception):
            sqlstate = "40001"

        class Psycopg2Error(Exception):
            pgcode = "23505"

        class Wrapped(Exception):
            def __init__(self, orig: Exception) -> None:
                self.orig = orig

        assert postgres.sqlstate(AsyncpgError()) == "40001"
        assert postgres.sqlstate(Wrapped(Psycopg2Error())) == "23505"
        assert postgres.sqlstate(Exception({"S": "ERROR", "C": "23503", "M": "text"})) == "23503"
        outer = RuntimeError("could not save")
        outer.__cause__ = Wrapped(AsyncpgError())
        assert postgres.sqlstate(outer) == "40001"

    def test_of_what_has_none(self) -> None:
        around = ValueError("x")
        around.__cause__ = KeyError("y")
        around.__cause__.__cause__ = around
        assert postgres.sqlstate(around) is None
        assert postgres.sqlstate(None) is None
        assert postgres.sqlstate(psycopg.OperationalError("connection refused")) is None
