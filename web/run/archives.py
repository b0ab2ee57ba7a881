"""Bring a package into the page when a cell first needs it.

A cell's imports are read before it runs, so that what they need is fetched without blocking. What Python imports
in another way (a name made at run time, a module that a package loads late) is fetched in the moment, by a request
that this thread waits for. Sources are fetched when something shows them: a traceback, `inspect.getsource`.
"""

import ast
import importlib.machinery
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any
from zipimport import ZipImportError, zipimporter

FOLDER = Path("/lib/course")      # archives, each a zip on sys.path
UNPACKED = FOLDER / "unpacked"    # packages with shared objects cannot be imported from a zip
BOOT = Path("/lib/python314.zip")  # the part of the standard library that Python starts with


def imports(source: str) -> Iterator[str]:
    """Yield the full names that a source may import; `from a import b` may mean the module `a.b`."""
    try:
        tree = ast.parse(source, type_comments=False)
    except (SyntaxError, ValueError):  # the cell itself will say so
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


class Archives:
    """The archives of `runtime.json`: which are there, and which an import asks for.

    `fetch_now` gives the bytes of a file of the runtime, blocking; an OSError of it becomes an ImportError.
    """

    def __init__(self, archives: dict[str, Any], modules: dict[str, str], fetch_now: Callable[[str], bytes]) -> None:
        self._archives = archives
        self._modules = modules
        self._fetch_now = fetch_now
        self._there: set[str] = set()
        self._sources: dict[str, Path | None] = {}

    def install(self) -> None:
        """Let imports and tracebacks ask here for what they do not find."""
        sys.meta_path.append(self)
        own = zipimporter.get_source

        def get_source(importer: zipimporter, fullname: str) -> str | None:
            return own(importer, fullname) or self._source(importer, fullname, own)
        zipimporter.get_source = get_source  # type: ignore[method-assign]

    def asked(self, source: str) -> list[str]:
        """Return the archives that the imports of a source need and that are not there yet."""
        return self.with_needs(sorted({home for name in imports(source) if (home := self._home(name))}))

    def with_needs(self, names: Sequence[str]) -> list[str]:
        """Return these archives and the ones they need, as far as they are not there yet."""
        found: list[str] = []

        def visit(name: str) -> None:
            if name not in found and name not in self._there:
                for need in self._archives[name]["needs"]:
                    visit(need)
                found.append(name)
        for name in names:
            visit(name)
        return found

    def _home(self, module: str) -> str | None:
        """Return the archive that holds a module; the longest prefix that is known decides."""
        while module:
            if module in self._modules:
                return self._modules[module]
            module = module.rpartition(".")[0]
        return None

    def add(self, name: str) -> None:
        """Put an archive, which lies in its place as a file, on the path."""
        if name in self._there:
            return
        self._there.add(name)
        path = FOLDER / f"{name}.zip"
        if native := self._archives[name].get("native"):
            _unpack(path, native)
        sys.path.append(str(path))
        for package in self._archives[name].get("extends", ()):
            sys.modules[package].__path__.append(f"{path}/{package}")
        sys.path_importer_cache.pop(str(UNPACKED), None)  # what it holds has changed

    def find_spec(self, fullname: str, path: Sequence[str] | None = None,
                  target: ModuleType | None = None) -> ModuleSpec | None:
        """Fetch, in the moment, what an import needs that nobody foresaw (importlib's protocol)."""
        home = self._home(fullname)
        missing = [name for name in self.with_needs([home]) if "file" in self._archives[name]] if home else []
        if not missing:
            return None
        for name in missing:
            self._write_now(FOLDER / f"{name}.zip", self._archives[name]["file"], fullname)
            self.add(name)
        return importlib.machinery.PathFinder.find_spec(fullname, path, target)

    def _write_now(self, path: Path, file: str, module: str) -> None:
        try:
            content = self._fetch_now(file)
        except OSError as error:
            raise ImportError(f"{module} could not be fetched: {error}. Check the connection and run the cell again",
                              name=module) from error
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(zlib.decompress(content, 31) if content[:2] == b"\x1f\x8b" else content)

    def _source(self, importer: zipimporter, fullname: str,
                own: Callable[[zipimporter, str], str | None]) -> str | None:
        archive = Path(importer.archive)
        if archive not in self._sources:
            self._sources[archive] = self._companion(archive)
        companion = self._sources[archive]
        if companion is None:
            return None
        try:
            return own(zipimporter(str(companion / importer.prefix)), fullname)
        except ZipImportError:
            return None

    def _companion(self, archive: Path) -> Path | None:
        """Fetch the sources of an archive; a traceback goes without them where that fails."""
        name = "core" if archive == BOOT else archive.stem
        stored = self._archives.get(name, {}).get("sources")
        if stored is None:
            return None
        path = FOLDER / f"{name}.sources.zip"
        try:
            self._write_now(path, stored["file"], name)
        except ImportError:
            return None
        return path


def _unpack(path: Path, native: Sequence[str]) -> None:
    """Take the files of packages with shared objects out of an archive."""
    archive = zipimporter(str(path))
    for name in native:
        target = UNPACKED / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(archive.get_data(name))
    if str(UNPACKED) not in sys.path:
        sys.path.append(str(UNPACKED))
