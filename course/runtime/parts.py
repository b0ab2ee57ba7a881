"""The archives of the runtime: Python's own library, the packages, our code. Each is bytecode, its sources apart."""

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from course.runtime import bytecode, library, npm, wheels
from course.runtime.archive import Stored, store, zipped

FOLDER = "/lib/course"  # where the worker puts archives, as web/run/archives.py says
UNPACKED = ("alembic",)  # it lists the folder of its templates, which a zip has not
PAGE = ("boot.py", "cells.py", "archives.py", "inputs.py", "inline_threads.py")  # package `page` there
COURSE = ("__init__", "repository", "trace", "figures", "lesson", "check", "services")  # modules or packages

Made = dict[str, Any]


def make_python(root: Path, out: Path) -> Made:
    """Make Pyodide's own files and the archives `core` and `library`."""
    run = root / "web" / "run"
    files = library.read(root)
    first = library.core(files, library.started(root, run))
    page = {f"page/{name}": (run / name).read_bytes() for name in PAGE}
    core = {name: files[name] for name in first} | page
    rest = {name: content for name, content in files.items() if name not in first}
    pyodide = npm.package(root, "pyodide")
    named = [("asm", "pyodide.asm.mjs", False), ("wasm", "pyodide.asm.wasm", True)]
    made = {key: _entry(store(out, name, (pyodide / name).read_bytes(), squeeze=squeeze))
            for key, name, squeeze in named}
    # The list of packages that Pyodide would fetch from another host becomes empty: ours are the archives.
    lock = json.loads((pyodide / "pyodide-lock.json").read_text("utf-8")) | {"packages": {}}
    archives = {"core": archive(root, out, "core", core, place=library.ZIP),
                "library": archive(root, out, "library", rest) | {"extends": list(library.DIVIDED)}}
    homes = dict.fromkeys([*library.modules(rest), *library.DIVIDED], "library")
    return {"core": made, "lock": lock, "archives": archives, "modules": homes}


def archive(root: Path, out: Path, name: str, files: Mapping[str, bytes], *, place: str = "", unpack: bool = False,
            needs: Iterable[str] = ()) -> Made:
    """Write an archive of bytecode, and one of the sources beside it; return its entry in the manifest."""
    place = place or (f"{FOLDER}/unpacked" if unpack else f"{FOLDER}/{name}.zip")
    sources = {path: content for path, content in files.items() if path.endswith(".py")}
    made = bytecode.compiled(root, {f"{place}/{path}": content for path, content in sources.items()})
    packed = {}
    for path, content in files.items():
        code = made.get(f"{place}/{path}")
        if code is not None:
            packed[_cached(path) if unpack else f"{path}c"] = code
        if code is None or unpack:
            packed[path] = content
    entry = _entry(store(out, name, zipped(packed))) | {"needs": list(needs)}
    if unpack:
        return entry | {"native": sorted(packed)}
    return entry | {"sources": _entry(store(out, f"{name}.sources", zipped(sources)))}


def _cached(path: str) -> str:
    """Return where Python looks for the bytecode of an unpacked source (PEP 3147)."""
    source = PurePosixPath(path)
    return str(source.parent / "__pycache__" / f"{source.stem}.cpython-314.pyc")


def _entry(stored: Stored) -> Made:
    return {"file": stored.file, "bytes": stored.bytes}


def make_packages(root: Path, out: Path) -> Made:
    """Make the archives of the packages of `web/requirements.txt`."""
    groups = wheels.split(wheels.fetch(root / "web" / "requirements.txt", root / "build"))
    archives, homes = {}, {}
    for name, held in groups.items():
        needs = ["library", *wheels.needed_archives(name, groups)]
        files = {path: content for package in held for path, content in package.files.items()}
        unpacked = {package.name for package in held if package.native or package.name in UNPACKED}
        inside = {path: content for package in held if package.name in unpacked
                  for path, content in package.files.items()}
        if inside:
            archives[f"{name}.files"] = archive(root, out, f"{name}.files", inside, unpack=True)
            needs.append(f"{name}.files")
        archives[name] = archive(root, out, name, {p: c for p, c in files.items() if p not in inside}, needs=needs)
        homes.update({module: name for package in held for module in package.modules})
    homes |= {module: next(name for name, held in groups.items() if need in [package.name for package in held])
              for module, need in wheels.UNSAID.items()}
    return {"archives": archives, "modules": homes}


def make_course(root: Path, out: Path) -> Made:
    """Make the archive of our own code that a lesson may import in the page."""
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in course_files(root)}
    return {"archives": {"course": archive(root, out, "course", files, needs=["library"])},
            "modules": {"course": "course"}}


def course_files(root: Path) -> list[Path]:
    """Return the files of the `course` package that a lesson may import in the page, as far as they exist."""
    course = root / "course"
    found = [path for name in COURSE for path in (course / f"{name}.py", *(course / name).rglob("*")) if path.is_file()]
    return sorted(path for path in found if "__pycache__" not in path.parts)


def make_worker(root: Path, out: Path) -> Made:
    """Make the worker, one module, and the transport that a page starts it with."""
    run = root / "web" / "run"
    bundled = root / "build" / "worker.mjs"
    npm.bundle(root, run / "worker.mjs", bundled)
    shutil.copyfile(run / "pyodide.mjs", out / "pyodide.mjs")
    return {"worker": _entry(store(out, "worker.mjs", bundled.read_bytes(), squeeze=False))}
