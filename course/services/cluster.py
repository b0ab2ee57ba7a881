"""A PostgreSQL server of our own: start, stop, crash and recovery."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from course.services.binaries import OTHERWISE, Binaries, Rights, find, rights
from course.services.child import Child, ServiceError
from course.services.data_folder import USER, DataFolder, own
from course.services.databases import Server
from course.services.process import free_port, port_taken

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy import URL

START_TIMEOUT = 60.0  # seconds; recovery after a crash is part of a start
# What a restarted server says while processes of the killed one are still ending.
STILL_ENDING = ("pre-existing shared memory block", "is another postmaster")
ALWAYS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "timezone": "UTC", "log_timezone": "UTC"}
# Not synchronous_commit: without it the last commits would be lost with the server's process, not only with power.
FAST = {"fsync": "off", "full_page_writes": "off"}


class Cluster(Server):
    """A PostgreSQL server of our own on 127.0.0.1, which dies with us, also after `kill -9`.

    Parameters: `data` is the data folder, made when it is missing and kept after `stop()`; without it the data
    live in a temporary folder that goes when the server is stopped or we end. `durable=True` leaves fsync on, so
    that what was committed survives a power cut; otherwise it survives a crash of the server only. `settings` are
    given to the server on its command line, which is stronger than ALTER SYSTEM.

    Use it as a context manager, or call `start()` and `stop()`. `port` is 0 while there is no server.
    """

    default_database = "postgres"
    mark = "made by the course"
    # What libpq would otherwise take from PGHOSTADDR, PGSSLMODE and PGOPTIONS, and so perhaps from another server.
    connect_args = {"hostaddr": "127.0.0.1", "sslmode": "disable", "options": ""}  # noqa: RUF012

    def __init__(self, data: str | Path | None = None, *, durable: bool = False,
                 settings: Mapping[str, str] | None = None) -> None:
        self.durable = durable
        self.settings = {**ALWAYS, **({} if durable else FAST), **(settings or {})}
        self.port = 0
        self._given = Path(data).absolute() if data is not None else None
        self._child: Child | None = None
        self._binaries: Binaries
        self._rights: Rights

    @property
    def running(self) -> bool:
        """Whether the server runs."""
        return self._child is not None and self._child.running

    @property
    def pid(self) -> int:
        """The process id of the postmaster. Raises ServiceError when it was not started."""
        return self._started().pid

    @property
    def data(self) -> Path:
        """The data folder. Raises ServiceError when it is a temporary one and the server was not started."""
        return self._given or self._started().folder / "data"

    def start(self) -> Self:
        """Start the server and wait until it accepts connections; after `kill()` it recovers its data.

        Until it is stopped its port stays the same. Raises ServiceError with the server's last log lines when it
        does not start.
        """
        if self._child is not None:
            if not self._child.running:
                self._run(self._child)
            return self
        self._binaries = find()
        self._rights = rights(self._binaries)
        self._child = Child("postgres")
        try:
            self._start_first(self._child)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop the server. Temporary data are removed: a later `start()` begins with an empty cluster."""
        child, self._child, self.port = self._child, None, 0
        if child is not None:
            child.stop()

    def kill(self) -> None:
        """Kill the postmaster as `kill -9` does: no checkpoint, no farewell. `start()` then recovers the data."""
        self._started().kill()

    def log_text(self) -> str:
        """Return the end of what the server has logged since its latest start."""
        return self._started().log_text()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def _url(self, database: str) -> "URL":
        from sqlalchemy import URL

        if self.port == 0:
            raise ServiceError("this PostgreSQL has not been started: call its start() first")
        return URL.create("postgresql", USER, host="127.0.0.1", port=self.port, database=database)

    def _maintain(self) -> "psycopg.Connection[tuple[Any, ...]]":
        return self.connect(autocommit=True)

    def _started(self) -> Child:
        if self._child is None:
            raise ServiceError("this PostgreSQL has not been started: call its start() first")
        return self._child

    def _start_first(self, child: Child) -> None:
        own(child.folder, self._rights)
        folder = DataFolder(self.data, self._binaries, self._rights)
        folder.prepare(child)
        if self.durable:
            folder.sync(child)
        self._run(child)

    def _run(self, child: Child) -> None:
        """Run the server, again when its port was taken or when what a killed one left is still ending."""
        deadline = time.monotonic() + START_TIMEOUT
        chosen = self.port
        while True:
            self.port = chosen or free_port()
            try:
                return self._run_once(child)
            except ServiceError as error:
                passing = port_taken(error) or any(text in str(error) for text in STILL_ENDING)
                if not passing or time.monotonic() > deadline:
                    self.port = chosen
                    raise ServiceError(f"{error}\n{OTHERWISE}") from None
            time.sleep(0.05)

    def _run_once(self, child: Child) -> None:
        settings = {**self.settings, "port": str(self.port)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        child.run([*self._rights.prefix, self._binaries.program("postgres"), "-D", self.data, *options],
                  cwd=child.folder, stop_signal="SIGINT", uid=self._rights.uid)  # SIGINT asks for a fast shutdown
        try:
            child.wait_ready(self._accepts, START_TIMEOUT)
        except BaseException:
            child.terminate()
            raise

    def _accepts(self) -> bool:
        """Read the state where the postmaster writes it: the first and the eighth line of postmaster.pid."""
        try:
            lines = (self.data / "postmaster.pid").read_bytes().split(b"\n")
        except OSError:
            return False
        return len(lines) > 7 and lines[0].strip() == b"%d" % self.pid and lines[7].strip() == b"ready"
