"""`sql-run`: psql on the course's PostgreSQL; each section has a database, filled by the scripts beside the sheet."""

import contextlib
import os
import re
import shutil
import tempfile
from pathlib import Path

from course.proof.sheets.run import Ran, Unavailable, execute, setups
from course.services import binaries, scratch
from course.sheet import Block

OPTIONS = ("--no-psqlrc", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=verbose", "--pset=pager=off", "--pset=null=NULL",
           "--pset=footer=off", "--quiet")
ERROR = re.compile(r"(ERROR|FATAL):  ([0-9A-Z]{5}): ")
PLACE = re.compile(r"^LOCATION:  .*\n", re.MULTILINE)  # where in PostgreSQL's own source: differs between versions


class Sql:
    """A database that lasts for one section; commands of psql in `<section>.psql` begin each block."""

    def __init__(self, files: Path, section: str) -> None:
        filled = "\n".join(path.read_text(encoding="utf-8") for path in setups(files, section, ".sql"))
        self.open = contextlib.ExitStack()
        self.address = self.open.enter_context(scratch.scratch(filled))
        self.psql = _psql()
        self.profile = "".join(path.read_text(encoding="utf-8") for path in setups(files, section, ".psql"))

    def run(self, block: Block) -> Ran:
        """Run one block; it fails with the SQLSTATE of its error (PostgreSQL manual, appendix A)."""
        environment = {**os.environ, "PGTZ": "UTC", "PGCLIENTENCODING": "UTF8", "PGOPTIONS": "-c jit=off"}
        printed, status = execute([self.psql, *OPTIONS, self.address], Path(tempfile.gettempdir()), environment,
                                  self.profile + block.source)
        found = ERROR.search(printed)
        failed = found[2] if found else str(status) if status else ""
        return Ran(PLACE.sub("", ERROR.sub(r"\1:  ", printed)), failed)

    def close(self) -> None:
        """Drop the database."""
        self.open.close()


def _psql() -> str:
    """Return psql: the one that belongs to the course's server, else the one on PATH."""
    with contextlib.suppress(Exception):
        if (own := binaries.find().program("psql")).is_file():
            return str(own)
    if found := shutil.which("psql"):
        return found
    raise Unavailable("psql is missing: unset COURSE_POSTGRES, or install PostgreSQL's client")
