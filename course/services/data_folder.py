"""The data folder of a PostgreSQL server: made by `initdb`, or copied from one that was."""

import hashlib
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from course.services import template
from course.services.binaries import OTHERWISE, Binaries, Rights
from course.services.child import Child, ServiceError

USER = "postgres"
COMMON = ("-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions", "--locale=C")
BUILTIN = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")  # the same order of text on every system


@dataclass(frozen=True)
class DataFolder:
    """A data folder at `path`, the programs that make it and the rights that they are run with."""

    path: Path
    binaries: Binaries
    rights: Rights

    @property
    def options(self) -> tuple[str, ...]:
        """The options of `initdb`; PostgreSQL has had a locale of its own since version 17."""
        return (*COMMON, *BUILTIN) if self.binaries.major >= 17 else COMMON

    @property
    def template(self) -> str:
        """The name of the template, which says all that its content depends on."""
        origin = repr((self.options, str(self.binaries.folder), platform.machine()))
        return f"{self.binaries.version}-{sys.platform}-{hashlib.sha256(origin.encode()).hexdigest()[:12]}"

    def prepare(self, child: Child) -> None:
        """Make the folder where it is missing. Raises ServiceError."""
        if (self.path / "PG_VERSION").exists():
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if not self.path.exists() and template.restore(self.template, self.path):
            own(self.path, self.rights)
            return
        self.initdb(child)
        template.save(self.template, self.path)

    def initdb(self, child: Child) -> None:
        """Make the folder. Raises ServiceError with the last lines of what `initdb` says."""
        self.path.mkdir(mode=0o700, exist_ok=True)
        own(self.path, self.rights)
        self._call(child, *self.options)

    def sync(self, child: Child) -> None:
        """Write all that is in the folder to the disk, as a server that must survive a power cut needs it."""
        self._call(child, "--sync-only")

    def _call(self, child: Child, *options: str) -> None:
        child.run([*self.rights.prefix, self.binaries.program("initdb"), "-D", self.path, *options],
                  cwd=child.folder, uid=self.rights.uid)
        if child.wait() != 0:
            raise ServiceError(f"{child.report('could not make its data folder')}\n{OTHERWISE}")


def own(folder: Path, rights: Rights) -> None:
    """Give the folder, with all in it, to the user that the server runs as."""
    if rights.uid is not None and sys.platform != "win32":
        for path in (folder, *folder.rglob("*")):
            os.chown(path, rights.uid, rights.uid)
