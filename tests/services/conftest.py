"""Owners of servers, a temporary folder to look into, and one PostgreSQL for all tests that need only that."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from owners import Owner

from course.services.postgres import Cluster


@pytest.fixture
def owner() -> Iterator[Callable[..., Owner]]:
    """Start owners, and end those that a test has left."""
    started: list[Owner] = []

    def start(code: str, **options: object) -> Owner:
        started.append(Owner(code, **options))
        return started[-1]

    yield start
    for process in started:
        process.close()


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Leave the user's cache alone, and the variables that would lead to another server unset."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        for name in ("COURSE_DATABASE_URL", "COURSE_POSTGRES"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for temporary files, so that what is left in it can be seen."""
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture(scope="session")
def cluster(_own_cache: None) -> Iterator[Cluster]:
    """One server for all tests that only need a database."""
    with Cluster() as started:
        yield started
