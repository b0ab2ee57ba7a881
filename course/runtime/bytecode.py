"""Compile Python for the page with the page's own Python: half of a plain boot is spent on that.

Each result is kept under `build/bytecode/` by what it was made from, so a change of one file compiles one file.
"""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from course.runtime import npm
from course.runtime.faults import RuntimeBuildError

SCRIPT = Path("web") / "make" / "compile.mjs"


def compiled(root: Path, sources: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the bytecode of sources by the file name that tracebacks show.

    The form is an unchecked hash-based pyc (PEP 552): Python in the page never looks for the source to trust it.
    What is no valid Python (a template, a test of a parser) is left out. Raises RuntimeBuildError.
    """
    npm.package(root, "pyodide")
    version = npm.version(root, "pyodide")
    cache = root / "build" / "bytecode"
    cache.mkdir(parents=True, exist_ok=True)
    kept = {name: cache / f"{_key(version, name, source)}.pyc" for name, source in sources.items()}
    missing = {name: path for name, path in kept.items() if not path.exists()}
    if missing:
        _compile(root, sources, missing)
    return {name: code for name, path in kept.items() if (code := path.read_bytes())}


def _key(version: str, name: str, source: bytes) -> str:
    return hashlib.sha256(f"{version}\0{name}\0".encode() + source).hexdigest()[:32]


def _compile(root: Path, sources: Mapping[str, bytes], missing: Mapping[str, Path]) -> None:
    with tempfile.TemporaryDirectory(dir=root / "build") as folder:
        work = Path(folder)
        jobs: list[tuple[int, str]] = []
        for number, name in enumerate(sorted(missing)):
            (work / f"{number}.py").write_bytes(sources[name])
            jobs.append((number, name))
        (work / "jobs.json").write_text(json.dumps(jobs), "utf-8")
        npm.run([SCRIPT, work], root)
        for number, name in jobs:
            made = work / f"{number}.pyc"
            if not made.exists():
                raise RuntimeBuildError(f"{name} was not compiled for the page: run `python -m course.runtime` again")
            made.replace(missing[name])
