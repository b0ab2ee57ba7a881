"""A database for each check: empty or a copy of a filled template, and gone at the end."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from course.services import postgres, scratch
from course.services.postgres import Cluster, ServiceError

BOOKS = "CREATE TABLE book (title text);\nINSERT INTO book VALUES ('Emma'), ('Ulysses');\n"


@pytest.fixture(autouse=True)
def shared(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """Let the tests' server be the shared one, without the templates of other tests."""
    monkeypatch.setattr(postgres, "_shared", cluster)
    yield cluster
    for name in scratch._templates.pop(cluster, {}).values():
        cluster.drop_database(name)


def databases(cluster: Cluster, kind: str) -> set[str]:
    with cluster.connect() as connection:
        found = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"course_{kind}%"])
        return {name for (name,) in found}


def titles(address: str) -> list[str]:
    with psycopg.connect(address) as connection:
        return [title for (title,) in connection.execute("SELECT title FROM book ORDER BY title")]


def test_a_database_is_empty_and_goes_with_the_connections_to_it(shared: Cluster) -> None:
    with scratch.scratch() as address:
        left_open = psycopg.connect(address, autocommit=True)
        assert left_open.execute("SELECT count(*) FROM pg_stat_user_tables").fetchone() == (0,)
        assert databases(shared, "scratch") == {left_open.info.dbname}
    assert databases(shared, "scratch") == set()
    with pytest.raises(psycopg.OperationalError):
        left_open.execute("SELECT 1")
    left_open.close()


def test_it_goes_when_the_check_fails_too(shared: Cluster) -> None:
    with pytest.raises(ZeroDivisionError), scratch.scratch():
        raise ZeroDivisionError
    assert databases(shared, "scratch") == set()


def test_the_address_alone_is_enough_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch,
                                                                    shared: Cluster) -> None:
    for name, value in {"PGHOSTADDR": "192.0.2.1", "PGSSLMODE": "require", "PGOPTIONS": "-c no.such"}.items():
        monkeypatch.setenv(name, value)
    with scratch.scratch() as address, psycopg.connect(address) as connection:
        assert connection.info.port == shared.port
        assert address.startswith("postgresql://")
        assert conninfo_to_dict(address).items() >= {"hostaddr": "127.0.0.1", "sslmode": "disable"}.items()


def test_each_database_is_its_own_copy_of_one_template(shared: Cluster) -> None:
    with scratch.scratch(BOOKS) as one, scratch.scratch(BOOKS) as other:
        with psycopg.connect(one) as connection:
            connection.execute("DELETE FROM book WHERE title = 'Emma'")
        assert (titles(one), titles(other)) == (["Ulysses"], ["Emma", "Ulysses"])
    with scratch.scratch(BOOKS) as later:
        assert titles(later) == ["Emma", "Ulysses"]
    assert len(databases(shared, "template")) == 1


def test_another_script_has_another_template(shared: Cluster) -> None:
    with scratch.scratch(BOOKS), scratch.scratch(BOOKS.replace("Emma", "Middlemarch")) as other:
        assert titles(other) == ["Middlemarch", "Ulysses"]
    assert len(databases(shared, "template")) == 2


def test_threads_at_the_same_time_share_the_template(shared: Cluster) -> None:
    def look(_: int) -> list[str]:
        with scratch.scratch(BOOKS) as address:
            return titles(address)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(look, range(16))) == [["Emma", "Ulysses"]] * 16
    assert len(databases(shared, "template")) == 1
    assert databases(shared, "scratch") == set()


def test_a_script_that_fails_is_named_with_what_postgresql_says(shared: Cluster, tmp_path: Path) -> None:
    (tmp_path / "setup.sql").write_text("CREATE TABLE book (title text);\nINSERT INTO boook VALUES (1);\n")
    make = scratch.resources(tmp_path, ["postgres"])["database"]
    for _ in range(2):
        with pytest.raises(ServiceError, match=r'setup\.sql: .*relation "boook" does not exist.*; repair it'), make():
            pass
    assert databases(shared, "template") | databases(shared, "scratch") == set()


def test_a_folder_hands_in_a_database_when_it_needs_one(tmp_path: Path) -> None:
    assert scratch.resources(tmp_path, ["kernel"]) == {}
    make = scratch.resources(tmp_path, ["kernel", "postgres"])["database"]
    with make() as address, psycopg.connect(address) as connection:
        assert connection.execute("SELECT count(*) FROM pg_stat_user_tables").fetchone() == (0,)
    (tmp_path / "setup.sql").write_text(BOOKS)
    with make() as address:
        assert titles(address) == ["Emma", "Ulysses"]
