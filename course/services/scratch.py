"""A database for one check: fresh, or a copy of a template that a script has filled, and dropped at the end."""

import contextlib
import hashlib
import threading
import uuid
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from course.services import postgres
from course.services.child import ServiceError
from course.services.databases import Server

SETUP = "setup.sql"  # beside the checks that need a filled database
# The template for each script, by its hash, on each server: a server that was started anew has none.
_templates: "weakref.WeakKeyDictionary[Server, dict[str, str]]" = weakref.WeakKeyDictionary()
_lock = threading.Lock()


@contextlib.contextmanager
def scratch(setup: str = "") -> Iterator[str]:
    """Make a database on the shared server, give its address, and drop it with all connections to it at the end.

    `setup` is an SQL script (without psql's commands): it runs once in this process, and each database is a copy of
    what it made. The address is for libpq and psycopg and carries all that a connection needs (PostgreSQL manual,
    "Connection URIs"). Threads may do this at the same time. Raises ServiceError when the script cannot be run.
    """
    server = postgres.shared()
    template = _template(server, setup) if setup.strip() else None
    name = f"course_scratch_{uuid.uuid4().hex[:16]}"
    server.create_database(name, template)
    try:
        yield _address(server, name)
    finally:
        server.drop_database(name)


def resources(folder: Path, needs: Iterable[str]) -> dict[str, Callable[[], AbstractContextManager[str]]]:
    """Return what the checks of the exercise in `folder` are handed in, by the name of their parameter.

    `needs` are the words of its `needs:` line. With `postgres` there is a `database`: the address of a scratch
    database, made from the folder's `setup.sql` where there is one.
    """
    if "postgres" not in needs:
        return {}
    return {"database": lambda: _of_folder(folder)}


@contextlib.contextmanager
def _of_folder(folder: Path) -> Iterator[str]:
    script = folder / SETUP
    with contextlib.ExitStack() as stack:
        try:
            setup = script.read_text(encoding="utf-8") if script.is_file() else ""
            address = stack.enter_context(scratch(setup))
        except SetupError as error:
            raise ServiceError(f"{script}: {error}") from error
        yield address


class SetupError(ServiceError):
    """The script that fills the template cannot be run; the message has what PostgreSQL says."""


def _template(server: Server, setup: str) -> str:
    """Return the name of the database that the script has filled, made by the first call."""
    key = hashlib.sha256(setup.encode()).hexdigest()[:16]
    with _lock:  # also while it is made: whoever comes second must wait for it
        made = _templates.setdefault(server, {})
        if key not in made:
            made[key] = _filled(server, f"course_template_{key}_{uuid.uuid4().hex[:8]}", setup)
        return made[key]


def _filled(server: Server, name: str, setup: str) -> str:
    import psycopg

    server.create_database(name)
    try:
        with server.connect(name, autocommit=True) as connection:
            connection.execute(setup.encode())
    except psycopg.Error as error:
        server.drop_database(name)
        raise SetupError(f"the script cannot be run ({' '.join(str(error).split())}); repair it") from error
    return name


def _address(server: Server, name: str) -> str:
    from sqlalchemy import make_url

    url = make_url(server.url_of(name, driver=None)).update_query_dict(server.connect_args)
    return url.render_as_string(hide_password=False)
