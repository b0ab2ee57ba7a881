"""Look at this machine as the course sees it, and say in one line each what is well and what to do about the rest.

`course doctor` really starts what a lesson starts (PostgreSQL, a kernel, a listening socket): a version number alone
would not show a library that is missing or a firewall that is in the way.
"""

import contextlib
import importlib.metadata
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from course.check import progress_file, work
from course.services import postgres

Status = Literal["ok", "note", "FAILED"]
_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;]+)(?:\s*;\s*(.+))?$", re.MULTILINE)
KERNEL_SECONDS = 60
SPACE = 500  # MB that lessons, their databases and a built site may take in a session
AGAIN = "run `python3 noxfile.py -s serve` in the course's folder: it installs what is missing"


@dataclass(frozen=True)
class Sign:
    """One thing that was looked at. A `note` limits what can be done here, a failure keeps lessons from running."""

    name: str
    status: Status
    words: str

    def __str__(self) -> str:
        """Return the line for the terminal."""
        return f"  {self.status:<6} {self.name:<11} {self.words}"


def python(root: Path) -> Sign:
    """This interpreter is one that the course is tested on."""
    from packaging.specifiers import SpecifierSet

    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version, wanted = ".".join(map(str, sys.version_info[:3])), project["requires-python"]
    if version in SpecifierSet(wanted):
        return Sign("Python", "ok", f"{version}, {sys.executable}")
    return Sign("Python", "FAILED", f"{version} is not what the course is tested on ({wanted}): {AGAIN}")


def packages(root: Path) -> Sign:
    """Every package has the version that the lock file names."""
    from packaging.markers import Marker

    text = (root / "requirements.txt").read_text(encoding="utf-8")
    wanted = [(name, version) for name, version, marker in _PIN.findall(text)
              if not marker or Marker(marker).evaluate()]
    wrong = [f"{name} {found or 'missing'} (wanted {version})" for name, version in wanted
             if (found := _version(name)) != version]
    if not wrong:
        return Sign("packages", "ok", f"{len(wanted)} as in requirements.txt")
    more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
    return Sign("packages", "FAILED", f"{', '.join(wrong[:5])}{more}: {AGAIN}")


def _version(name: str) -> str | None:
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        return importlib.metadata.version(name)
    return None


def disk(root: Path) -> Sign:
    """There is room beside the course and where databases are made."""
    free = {str(place): shutil.disk_usage(place).free >> 20 for place in (root, Path(tempfile.gettempdir()))}
    words = ", ".join(f"{megabytes} MB free in {place}" for place, megabytes in free.items())
    if min(free.values()) >= SPACE:
        return Sign("disk", "ok", words)
    return Sign("disk", "FAILED", f"{words}: make room for at least {SPACE} MB")


def folder(root: Path) -> Sign:
    """The learner's files can be written, and the progress is readable."""
    place = root / work.FOLDER
    try:
        place.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place, prefix=".doctor-"):
            pass
        found = progress_file.load(work.progress_path(root))
    except OSError as error:
        return Sign("work/", "FAILED", f"{place} cannot be used ({error.strerror or error}): give yourself the right "
                                       "to write there, or move the course's folder")
    if found.message:
        return Sign("work/", "note", found.message)
    return Sign("work/", "ok", f"writable; progress on {len(found.progress.items)} exercises and questions")


def port(root: Path) -> Sign:
    """A server can listen on this machine; the usual port may be taken by another."""
    try:
        with socket.create_server(("127.0.0.1", 0)):
            pass
    except OSError as error:
        return Sign("port", "FAILED", f"nothing may listen on 127.0.0.1 ({error.strerror}): look at this machine's "
                                      "firewall or sandbox")
    with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", 8888)):
        return Sign("port", "ok", "8888 is free on 127.0.0.1")
    return Sign("port", "note", "8888 is taken, perhaps by a course that runs already: `serve` takes the next free one")


def database(root: Path) -> Sign:
    """PostgreSQL starts and answers."""
    try:
        with postgres.connect() as connection:
            row = connection.execute("SHOW server_version").fetchone()
    except Exception as error:  # whatever it is, the learner is to read it in a line
        return Sign("PostgreSQL", "FAILED", f"{' '.join(str(error).split())}")
    where = "that COURSE_DATABASE_URL names" if os.environ.get("COURSE_DATABASE_URL") else "started from its wheel"
    return Sign("PostgreSQL", "ok", f"{row[0] if row else ''}, {where}")


def kernel(root: Path) -> Sign:
    """A notebook's kernel starts and computes."""
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import KernelManager

    # No folder to look into: a kernel of this environment's Python, as `serve` starts it.
    manager = KernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
    try:
        manager.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _compute(manager.client())
    except Exception as error:
        return Sign("kernel", "FAILED", f"none starts and answers ({' '.join(str(error).split())}): {AGAIN}; if it "
                                        "stays so, look for a firewall between programs on 127.0.0.1")
    finally:
        manager.shutdown_kernel(now=True)
    return Sign("kernel", "ok", "starts and answers")


def _compute(client: Any) -> None:
    """Let the kernel that a `BlockingKernelClient` speaks with compute something. Raises RuntimeError, TimeoutError."""
    client.start_channels()
    try:
        client.wait_for_ready(KERNEL_SECONDS)
        reply = client.execute_interactive("40 + 2", timeout=KERNEL_SECONDS, output_hook=lambda message: None)
    finally:
        client.stop_channels()
    if reply["content"]["status"] != "ok":
        raise RuntimeError("it answers with an error")


def site(root: Path) -> Sign:
    """The pages are built, with Python of their own or without."""
    built = root / "_build" / "html"
    if not (built / "index.html").is_file():
        return Sign("site", "note", "not built yet: `python3 noxfile.py -s serve` builds and opens it")
    own = (built / "runtime" / "runtime.json").is_file()
    return Sign("site", "ok", f"{built}" + (", with the page's own Python" if own else ""))


def browser(root: Path) -> Sign:
    """A Chromium for the tests; reading and running lessons needs none of its kind."""
    none = Sign("Chromium", "note", "none found; only `python3 noxfile.py -s test` needs one, and downloads it")
    try:
        from course.proof import chromium
    except ImportError:  # Playwright comes with the tests' packages
        return none
    if found := chromium.find():
        return Sign("Chromium", "ok", f"{found}, for the tests")
    return none


LOOKS: tuple[Callable[[Path], Sign], ...] = (python, packages, disk, folder, port, database, kernel, site, browser)


def examine(root: Path, looks: tuple[Callable[[Path], Sign], ...] = LOOKS) -> Iterator[Sign]:
    """Yield what each look at the course in `root` found, as soon as it is known. Raises nothing: a look that fails
    in an unforeseen way is itself a finding."""
    for look in looks:
        try:
            yield look(root)
        except Exception as error:
            yield Sign(look.__name__, "FAILED", f"could not be looked at: {type(error).__name__}: {error}")


def command(root: Path) -> int:
    """Print the findings; return 0 when lessons can run here, else 1."""
    print(f"The course in {root}")
    failed = 0
    for sign in examine(root):
        print(sign, flush=True)
        failed += sign.status == "FAILED"
    print("\nLessons run on this machine." if not failed else
          f"\n{failed} of {len(LOOKS)} failed: each line above says what to do.")
    return int(failed > 0)
