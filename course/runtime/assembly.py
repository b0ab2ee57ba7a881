"""Bring `build/browser/` up to date: each part is made anew only when what it is made from has changed."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from course.repository import root as repository_root
from course.runtime import database, npm, parts

MANIFEST = "runtime.json"
ROOM = Path(__file__).parent
COMPILED = ("parts.py", "bytecode.py", "archive.py")


@dataclass(frozen=True)
class Part:
    """One part of the runtime: `make(root, out)` writes its files into `out` and returns its piece of the manifest.

    It is made from files of the repository and from npm packages, by modules of this room.
    """

    name: str
    inputs: tuple[Path, ...]
    packages: tuple[str, ...]
    by: tuple[str, ...]
    make: Callable[[Path, Path], dict[str, Any]]


def all_parts(root: Path) -> tuple[Part, ...]:
    """Return the parts of the runtime with the files each is made from."""
    run, make = root / "web" / "run", root / "web" / "make"
    page = tuple(run / name for name in parts.PAGE)
    compiler = make / "compile.mjs"
    worker = tuple(run / name for name in ("worker.mjs", "downloads.mjs", "checks.mjs", "pyodide.mjs"))
    return (Part("Python", (*page, compiler, make / "boot.mjs"), ("pyodide",), (*COMPILED, "library.py"),
                 parts.make_python),
            Part("packages", (root / "web" / "requirements.txt", compiler), ("pyodide",), (*COMPILED, "wheels.py"),
                 parts.make_packages),
            Part("PostgreSQL", (run / "pglite.mjs", make / "dump.mjs"), (database.NAME, "esbuild"),
                 ("database.py", "archive.py", "npm.py"), database.make_database),
            Part("course code", (compiler, *parts.course_files(root)), ("pyodide",), COMPILED, parts.make_course),
            Part("worker", worker, ("pyodide", "esbuild"), ("parts.py", "archive.py", "npm.py"), parts.make_worker))


def assemble(root: Path | None = None, say: Callable[[str], None] = print) -> Path:
    """Bring `build/browser/` up to date and return it; `say` gets one line for each part that is made.

    Raises RuntimeBuildError when npm or pip cannot fetch a part.
    """
    root = root or repository_root()
    out = root / "build" / "browser"
    out.mkdir(parents=True, exist_ok=True)
    with FileLock(out.parent / "browser.lock"):  # test processes that run side by side
        record = out.parent / "browser.json"
        known = json.loads(record.read_text("utf-8")) if record.exists() else {}
        pieces = []
        for part in all_parts(root):
            digest = _digest(part, root)
            if not _is_current(known.get(part.name), digest, out):
                say(f"browser runtime: {part.name} ...")
                known[part.name] = {"inputs": digest, "piece": part.make(root, out)}
                record.write_text(json.dumps(known, indent=1), "utf-8")
            pieces.append(known[part.name]["piece"])
        _write_manifest(out, pieces)
    return out


def _digest(part: Part, root: Path) -> str:
    """Return a hash of what the part is made from: names and contents, versions, and how it is made."""
    sha = hashlib.sha256()
    for path in (*part.inputs, *(ROOM / name for name in part.by)):
        home = root if path.is_relative_to(root) else ROOM
        sha.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for name in part.packages:
        sha.update(f"{name} {npm.version(root, name)}\0".encode())
    return sha.hexdigest()


def _is_current(made: dict[str, Any] | None, digest: str, out: Path) -> bool:
    if made is None or made.get("inputs") != digest:
        return False
    return all((out / name).is_file() for name in files_of(made["piece"]))


def files_of(piece: object) -> list[str]:
    """Return the names of the files that a piece of the manifest mentions."""
    if not isinstance(piece, dict):
        return []
    own = [piece["file"]] if isinstance(piece.get("file"), str) else []
    return own + [name for value in piece.values() for name in files_of(value)]


def _write_manifest(out: Path, pieces: Iterable[dict[str, Any]]) -> None:
    """Join the pieces, write them where they changed, and remove the files that no piece mentions."""
    manifest: dict[str, Any] = {}
    for piece in pieces:
        for key, value in piece.items():
            manifest[key] = manifest.get(key, {}) | value
    text = json.dumps(manifest, indent=1, sort_keys=True)
    path = out / MANIFEST
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")
    kept = {MANIFEST, "pyodide.mjs", *files_of(manifest)}
    for old in out.iterdir():
        if old.is_dir():
            shutil.rmtree(old)
        elif old.name not in kept:
            old.unlink()
