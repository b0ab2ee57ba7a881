"""Build the site: `python -m course.site.build`, or `build()` from a task."""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock

from course import repository
from course.site import notebooks, scripts

CONTENT = ("book", "tiers", "cheatsheets", "roadmap", "exercises", "course/site", "course/check", "web")  # make it
FILES = ("_config.yml", "_toc.yml", "requirements.txt", "package-lock.json")
RUNTIME = "runtime"  # the folder of the site in which pages look for it
_PROBLEMS = re.compile(r"The content needs repair:\n(.+?)(?=\nTraceback|\n\n|\Z)", re.DOTALL)
_PLACE = re.compile(r"(\.ipynb):(\d{5,})(?=:)")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class BuildError(RuntimeError):
    """The site could not be built; the message holds what the build said, a line for each mistake."""


def build(root: Path | None = None, runtime: Path | None = None) -> Path:
    """Build the site into `_build/html` below `root` and return that folder; do nothing when it is up to date.

    `root` is the course's folder, found from the working directory unless given. `runtime` is the folder with the
    page's own Python, which a site for others takes along. Raises BuildError when there is any warning or error, and
    leaves no trace of that build behind, so that the next one reports it again.
    """
    root = (root or repository.root()).resolve()
    _scripts(root, needed=runtime is not None)
    site = _pages(root)
    if runtime:
        copy_runtime(runtime, site / RUNTIME)
    return site


def _scripts(root: Path, needed: bool) -> None:
    """Bundle the scripts of the cells. Without them pages can still be read. Raises BuildError when they are needed."""
    try:
        scripts.bundle(root)
    except scripts.BundleError as error:
        if needed:
            raise BuildError(str(error)) from error
        print(f"The pages will have no Run buttons: {error}", file=sys.stderr)


def _pages(root: Path) -> Path:
    site, stamp, state = root / "_build" / "html", root / "_build" / "site.sha256", fingerprint(root)
    if _is_current(site, stamp, state):
        return site
    stamp.parent.mkdir(exist_ok=True)
    with FileLock(root / "_build" / "site.lock"):  # a second terminal, or test processes that run side by side
        if _is_current(site, stamp, state):
            return site
        stamp.unlink(missing_ok=True)
        print("Building the site ...", flush=True)
        start = time.perf_counter()
        _run(root)
        stamp.write_text(state, encoding="utf-8")
        print(f"The site is built ({time.perf_counter() - start:.0f} s).", flush=True)
    return site


def _is_current(site: Path, stamp: Path, state: str) -> bool:
    return (site / "index.html").is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == state


def copy_runtime(source: Path, target: Path) -> None:
    """Make `target` a copy of the folder `source`; files that have not changed are left as they are."""
    wanted = {path.relative_to(source) for path in source.rglob("*") if path.is_file()}
    for path in [path for path in target.rglob("*") if path.is_file() and path.relative_to(target) not in wanted]:
        path.unlink()
    for name in sorted(wanted):
        old, new = target / name, (source / name).stat()
        if not old.is_file() or (old.stat().st_size, old.stat().st_mtime_ns) != (new.st_size, new.st_mtime_ns):
            old.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / name, old)


def fingerprint(root: Path) -> str:
    """Return a hash of all files that the site is made from: their paths and their contents."""
    digest = hashlib.sha256(sys.version.encode())
    for path in _inputs(root):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _inputs(root: Path) -> Iterator[Path]:
    if (root / scripts.BUNDLES / "made.json").is_file():
        yield root / scripts.BUNDLES / "made.json"
    yield from (root / name for name in FILES if (root / name).is_file())
    for folder in CONTENT:
        yield from sorted(path for path in (root / folder).rglob("*") if path.is_file()
                          and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts))


def _run(root: Path) -> None:
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(root),
               "-n", "-W", "--keep-going", "-q", "--path-output", str(root)]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    said = _COLOURS.sub("", result.stderr).strip()
    if result.returncode:
        # Sphinx reports a page's mistakes only when it reads the page: forget what it has read.
        (root / "_build" / ".doctrees" / "environment.pickle").unlink(missing_ok=True)
        raise BuildError("\n".join(["The site could not be built.", *mistakes(said or result.stdout)]))
    if said:
        print(said, file=sys.stderr)


def mistakes(said: str) -> list[str]:
    """Return the lines of a failed build that name mistakes; all that it said when none does."""
    if found := _PROBLEMS.search(said):
        return found[1].splitlines()
    warnings = [line for line in said.splitlines() if re.search(r"\b(WARNING|ERROR|CRITICAL|SEVERE)\b", line)]
    lines = warnings or said.splitlines()
    return [_PLACE.sub(lambda match: f"{match[1]}: {notebooks.cell_and_line(int(match[2]))}", line) for line in lines]


def main() -> int:
    """Build, and print where the site is; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m course.site.build", description=__doc__)
    parser.add_argument("--runtime", type=Path, help="a folder with the page's own Python, to take along")
    try:
        print(build(runtime=parser.parse_args().runtime))
    except (BuildError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
