"""The packages of the page: fetched by pip for its platform, checked for completeness, split by what lessons import."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from course.runtime.faults import RuntimeBuildError

PYTHON = ("--python-version", "3.14", "--implementation", "cp", "--abi", "cp314")
PLATFORM = "pyemscripten_2026_0_wasm32"  # PEP 783: the platform of Pyodide 314
# Wheels whose compiled part only makes them faster: any system's wheel without that part is a pure one.
ANYWHERE = ("manylinux2014_x86_64", "manylinux_2_28_x86_64")
PURE_WITHOUT = ("markupsafe",)
# PEP 508: what the markers of a requirement see in the page.
ENVIRONMENT = {"python_version": "3.14", "python_full_version": "3.14.2", "implementation_name": "cpython",
               "implementation_version": "3.14.2", "platform_python_implementation": "CPython", "os_name": "posix",
               "sys_platform": "emscripten", "platform_system": "Emscripten", "platform_machine": "wasm32", "extra": ""}
# What no metadata says: zoneinfo has no system data in the page.
UNSAID = {"zoneinfo": "tzdata"}
# Each root makes an archive of itself and what it needs, less what an earlier one holds.
ROOTS = ("tzdata", "typing-extensions", "idna", "anyio", "pydantic", "httpx", "fastapi", "sqlalchemy", "alembic",
         "pg8000", "drawsvg")
NEEDLESS = (".pyi", ".pyx", ".pxd", ".c")  # read by type checkers and compilers only
# Parts that no lesson's page asks for: tests that packages carry, databases that the page has not.
LEFT_OUT = ("sqlalchemy/testing/", "sqlalchemy/dialects/mssql/", "sqlalchemy/dialects/mysql/",
            "sqlalchemy/dialects/oracle/", "alembic/testing/", "pydantic/v1/", "pydantic/mypy.py")
ASKED = "METADATA", "entry_points.txt"  # what importlib.metadata reads of an installed package


@dataclass(frozen=True)
class Package:
    """An installed distribution: its canonical name, its files, and the names that it needs in the page."""

    name: str
    files: Mapping[str, bytes]
    needs: tuple[str, ...]

    @property
    def native(self) -> bool:
        """Whether it holds a shared object, which cannot be loaded from a zip."""
        return any(name.endswith(".so") for name in self.files)

    @property
    def modules(self) -> tuple[str, ...]:
        """The top-level names that it can be imported by."""
        tops = {name.partition("/")[0] for name in self.files if not name.endswith((".so", "/"))}
        found = {top.removesuffix(".py") for top in tops if not top.endswith((".dist-info", ".data", ".pth"))}
        return tuple(sorted(name for name in found if name.isidentifier()))


def fetch(lock: Path, work: Path) -> list[Package]:
    """Install the lock's packages for the page into a folder below `work` and read them.

    Raises RuntimeBuildError when pip cannot fetch one, and when one needs what the lock does not hold.
    """
    pins = [line for line in lock.read_text("utf-8").splitlines() if line[:1].isalnum()]
    anywhere = [pin for pin in pins if canonicalize_name(Requirement(pin).name) in PURE_WITHOUT]
    with tempfile.TemporaryDirectory(dir=work) as folder:
        site = Path(folder) / "site"
        _install(lock, site, [pin for pin in pins if pin not in anywhere], [PLATFORM], Path(folder))
        if anywhere:
            _install(lock, site, anywhere, ANYWHERE, Path(folder))
        packages = [read(Distribution.at(info)) for info in sorted(site.glob("*.dist-info"))]
    check_complete(packages, lock)
    return packages


def _install(lock: Path, site: Path, pins: Sequence[str], platforms: Iterable[str], work: Path) -> None:
    listed = work / "pins.txt"
    listed.write_text("\n".join(pins), "utf-8")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", str(site),
               *(f"--platform={platform}" for platform in platforms), *PYTHON, "--only-binary", ":all:", "--no-deps",
               "--no-compile", "--requirement", str(listed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeBuildError(f"pip could not fetch {lock.parent.name}/{lock.name} for the page; check the network, "
                                "and that each package has a pure or a WebAssembly wheel:\n" + done.stderr[-2000:])


def read(installed: Distribution) -> Package:
    """Read an installed distribution, less what nothing in the page asks for."""
    assert isinstance(installed, PathDistribution)
    name = canonicalize_name(installed.metadata["Name"])
    files = {}
    for path in installed.files or ():
        if _is_wanted(path.as_posix()) and not (name in PURE_WITHOUT and path.suffix == ".so"):
            files[path.as_posix()] = Path(str(path.locate())).read_bytes()
    wanted = (Requirement(text) for text in installed.requires or ())
    here = (need for need in wanted if need.marker is None or need.marker.evaluate(ENVIRONMENT))
    return Package(name, files, tuple(sorted({canonicalize_name(need.name) for need in here})))


def _is_wanted(name: str) -> bool:
    top, *inner = name.split("/")
    if top.endswith(".dist-info"):
        return inner in ([name] for name in ASKED)
    needless = "tests" in inner[:-1] or name.startswith(LEFT_OUT) or name.endswith(NEEDLESS)
    return top not in ("bin", "..") and not needless


def check_complete(packages: Sequence[Package], lock: Path) -> None:
    """Raise RuntimeBuildError when a package needs another that is not there: it would fail at import, in the page."""
    there = {package.name for package in packages}
    missing = [f"{package.name} needs {need}" for package in packages for need in package.needs if need not in there]
    missing += [f"the standard library's {module} needs {need}" for module, need in UNSAID.items() if need not in there]
    if missing:
        raise RuntimeBuildError(f"{lock.parent.name}/{lock.name} is not complete: {'; '.join(missing)}. "
                                "Name what is missing in its .in file and run `nox -s lock`")


def split(packages: Sequence[Package]) -> dict[str, list[Package]]:
    """Return the packages by archive: one for each root, the last for what no root needs."""
    known = {package.name: package for package in packages}
    free = dict(known)
    found: dict[str, list[Package]] = {}
    for root in (*(root for root in ROOTS if root in known), *sorted(known)):
        held = [free.pop(name) for name in sorted(closure(root, known)) if name in free]
        if held:
            found[root] = held
    return found


def closure(name: str, known: Mapping[str, Package]) -> set[str]:
    """Return the names of a package and of all that it needs, directly or not."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting += known[current].needs
    return found


def needed_archives(archive: str, groups: Mapping[str, Sequence[Package]]) -> list[str]:
    """Return the other archives that hold something which the packages of one need."""
    known = {package.name: package for held in groups.values() for package in held}
    home = {package.name: name for name, held in groups.items() for package in held}
    needed = {home[name] for package in groups[archive] for name in closure(package.name, known)}
    return sorted(needed - {archive})
