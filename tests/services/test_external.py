"""COURSE_DATABASE_URL: on the user's own server we touch what is ours and nothing else."""

from collections.abc import Iterator

import pytest
from owners import alive, eventually
from sqlalchemy.pool import NullPool

from course.services import external, postgres
from course.services.external import ExternalServer
from course.services.postgres import Cluster, ServiceError


def names(users: Cluster) -> set[str]:
    with users.connect() as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


@pytest.fixture(scope="module")
def users() -> Iterator[Cluster]:
    """A server that stands for the user's: with a shop on it, and a database that only looks like ours."""
    with Cluster() as server, server.connect(autocommit=True) as connection:
        for name in ("shop", "course_catalogue"):
            connection.execute(f"CREATE DATABASE {name}")
            with server.connect(name) as inside:
                inside.execute("CREATE TABLE sale AS SELECT n FROM generate_series(1, 10) AS n")
        connection.execute("COMMENT ON DATABASE course_catalogue IS 'the courses that we sell'")
        connection.execute("CREATE ROLE reader LOGIN")
        yield server


@pytest.fixture
def override(users: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    monkeypatch.setenv("COURSE_DATABASE_URL", users.url_of("postgres", driver=None))
    monkeypatch.setattr(postgres, "_shared", None)
    yield users
    if postgres._shared is not None:
        postgres._shared.stop()


def test_it_is_used_instead_of_a_server_of_our_own(override: Cluster) -> None:
    assert isinstance(postgres.shared(), ExternalServer)
    engine = postgres.engine(poolclass=NullPool)
    with postgres.connect() as connection, engine.connect() as second:
        assert connection.info.port == override.port
        name = connection.execute("SELECT current_database()").fetchone()[0]
        assert second.exec_driver_sql("SELECT current_database()").scalar() == name
    assert name.startswith("course_")
    assert name in names(override)


def test_only_what_we_made_is_touched_and_all_of_it_goes(override: Cluster) -> None:
    before = names(override)
    postgres.create_database("course_lesson")
    postgres.create_database("course_copy", template="course_lesson")
    with postgres.connect("course_copy") as connection:
        connection.execute("CREATE TABLE book (n int)")
    assert names(override) - before >= {"course_lesson", "course_copy"}
    postgres.shared().stop()
    assert names(override) == before
    for name in ("shop", "course_catalogue"):
        with override.connect(name) as connection:
            assert connection.execute("SELECT count(*) FROM sale").fetchone() == (10,)


@pytest.mark.parametrize("name", ["shop", "course_catalogue", "postgres", "template1"])
def test_the_user_s_databases_are_refused(override: Cluster, name: str) -> None:
    for use in (postgres.connect, postgres.engine, postgres.url,
                lambda name: postgres.create_database("course_theft", template=name)):
        with pytest.raises(ServiceError, match=f"{name} on the server of COURSE_DATABASE_URL is not a database of"):
            use(name)
    with pytest.raises((ServiceError, ValueError)):
        postgres.drop_database(name)
    assert {name} <= names(override)
    assert "course_theft" not in names(override)


def test_two_sessions_do_not_touch_each_other(override: Cluster) -> None:
    postgres.create_database("course_lesson")
    other = ExternalServer(override.url)
    with pytest.raises(ServiceError, match="course_lesson was not made here"):
        other.drop_database("course_lesson")
    assert other.default_database != postgres.shared().default_database
    other.stop()
    assert "course_lesson" in names(override)


def test_kill_9_of_the_owner_drops_its_databases(override: Cluster, owner) -> None:
    before = names(override)
    killed = owner("from course.services import postgres\n"
                   "postgres.create_database('course_orphan')\n"
                   "connection = postgres.connect('course_orphan')\n"
                   "tell({'default': postgres.shared().default_database})\n")
    default = killed.told()["default"]
    assert names(override) - before == {"course_orphan", default}
    family = killed.family()
    killed.kill()
    eventually(lambda: names(override) == before, "the databases of the killed process are dropped")
    eventually(lambda: not any(map(alive, family)), "what dropped them ends")


def test_an_ambient_database_url_is_never_used(users: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", users.url)
    monkeypatch.setattr(postgres, "_shared", None)
    own = postgres.shared()
    try:
        assert isinstance(own, Cluster)
        assert own.port != users.port
    finally:
        own.stop()


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(ServiceError) as caught:
        ExternalServer("postgresql://ann:secret@127.0.0.1:1/shop")
    message = str(caught.value)
    assert "ann:***@127.0.0.1:1/shop" in message
    assert "secret" not in message
    assert "unset it for the PostgreSQL that the course starts itself" in message


@pytest.mark.parametrize(("address", "complaint"), [("mysql://127.0.0.1/x", "names mysql"), ("nonsense", "is no URL")])
def test_an_address_that_is_none_of_postgresql_is_refused(address: str, complaint: str) -> None:
    with pytest.raises(ServiceError, match=f"COURSE_DATABASE_URL {complaint}"):
        ExternalServer(address)


def test_a_user_who_may_not_make_databases_is_told_so(users: Cluster) -> None:
    before = names(users)
    with pytest.raises(ServiceError, match=r"permission denied to create database.*needs CREATEDB"):
        ExternalServer(f"postgres://reader@127.0.0.1:{users.port}/postgres")
    assert names(users) == before


def test_a_server_that_is_too_old_is_refused(users: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(external, "OLDEST", 99)
    with pytest.raises(ServiceError, match="and the course needs 99 or newer"):
        ExternalServer(users.url)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg"])
def test_the_driver_in_the_address_does_not_matter(scheme: str) -> None:
    parsed = external._parse(f"{scheme}://ann:secret@db.example:5433?sslmode=require")
    assert parsed.render_as_string(hide_password=False) == (
        "postgresql://ann:secret@db.example:5433/postgres?connect_timeout=5&sslmode=require")
