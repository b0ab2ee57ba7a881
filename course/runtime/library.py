"""The standard library of the page in two archives: what Python starts with, and the rest when a cell asks for it."""

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from zipfile import ZipFile

from course.runtime import npm

SCRIPT = Path("web") / "make" / "boot.mjs"
ZIP = "/lib/python314.zip"  # where Pyodide puts the standard library
# A hundred code pages that few cells ask for: this package is in both archives, and joined when the second comes.
DIVIDED = ("encodings",)
ALWAYS = frozenset({"encodings/ascii.py", "encodings/latin_1.py"})


def read(root: Path) -> dict[str, bytes]:
    """Return the sources of the page's standard library by their path."""
    with ZipFile(npm.package(root, "pyodide") / "python_stdlib.zip") as archive:
        return {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}


def started(root: Path, run: Path) -> set[str]:
    """Return the files that are read until the first cell has run; `run` holds the worker's own Python."""
    npm.package(root, "pyodide")
    with tempfile.TemporaryDirectory(dir=root / "build") as folder:
        out = Path(folder) / "boot.json"
        npm.run([SCRIPT, run, out], root)
        return set(json.loads(out.read_text("utf-8")))


def core(files: Iterable[str], first: set[str]) -> set[str]:
    """Return which files belong to the start: those read there, with the rest of their packages, some left out."""
    tops = {name.partition("/")[0] for name in first} - set(DIVIDED)
    return {name for name in files if name in first | ALWAYS or name.partition("/")[0] in tops}


def modules(files: Iterable[str]) -> set[str]:
    """Return the top-level names that files can be imported by."""
    tops = (name.partition("/")[0].removesuffix(".py") for name in files if name.endswith(".py"))
    return {top for top in tops if top.isidentifier()}
