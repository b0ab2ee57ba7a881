"""PostgreSQL in the page: PGlite's program and shared files, and a data folder made at build."""

import hashlib
import io
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from course.runtime import npm
from course.runtime.archive import store

NAME = "@electric-sql/pglite"
SCRIPT = Path("web") / "make" / "dump.mjs"


def make_database(root: Path, out: Path) -> dict[str, Any]:
    """Make the files of PostgreSQL in the page; return their part of the manifest."""
    package = npm.package(root, NAME)
    with tempfile.TemporaryDirectory(dir=root / "build") as folder:
        work = Path(folder)
        npm.bundle(root, root / "web" / "run" / "pglite.mjs", work / "pglite.mjs")
        npm.run([SCRIPT, work / "data.tar"], root)
        # A new data folder has a number and times of its own each time; what it is made from names it.
        made_from = npm.version(root, NAME).encode(), (root / SCRIPT).read_bytes(), Path(__file__).read_bytes()
        key = hashlib.sha256(b"\0".join(made_from)).hexdigest()
        stored = {"script": store(out, "pglite.mjs", (work / "pglite.mjs").read_bytes(), squeeze=False),
                  "wasm": store(out, "pglite.wasm", (package / "dist" / "pglite.wasm").read_bytes()),
                  "data": store(out, "pglite.data", (package / "dist" / "pglite.data").read_bytes()),
                  "folder": store(out, "pglite.folder", linked((work / "data.tar").read_bytes()), key=key)}
    files = {name: {"file": each.file, "bytes": each.bytes} for name, each in stored.items()}
    needs = ["library", "course", "sqlalchemy", "pg8000"]
    return {"archives": {"postgres": {"needs": needs, "parts": files}},
            "modules": {"course.services.postgres": "postgres"}}


def linked(tar: bytes) -> bytes:
    """Return a tar in which a file with the content of an earlier one is a hard link to it; owners and times go."""
    target = io.BytesIO()
    first: dict[bytes, str] = {}
    with tarfile.open(fileobj=io.BytesIO(tar)) as source, \
            tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT) as made:
        for member in source:
            entry = tarfile.TarInfo(member.name)
            entry.mode, entry.type, entry.size = member.mode, member.type, member.size
            reader = source.extractfile(member) if member.isfile() else None
            content = reader.read() if reader else b""
            digest = hashlib.sha256(content).digest()
            if content and digest in first:
                entry.type, entry.linkname, entry.size, content = tarfile.LNKTYPE, first[digest], 0, b""
            elif content:
                first[digest] = member.name
            made.addfile(entry, io.BytesIO(content))
    return target.getvalue()
