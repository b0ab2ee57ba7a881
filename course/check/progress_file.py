"""Keep the progress document in a file that several processes write, so that no change and no byte is lost."""

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from course.check import progress as document
from course.check.progress import Progress, ProgressError

if sys.platform == "win32":
    import msvcrt
elif sys.platform != "emscripten":
    import fcntl

PATIENCE = 10.0  # seconds to wait for another process that writes: it needs milliseconds
_PAUSE = 0.01


@dataclass(frozen=True)
class Loaded:
    """The document of a file; `message` tells the learner when something else was found there and set aside."""

    progress: Progress
    message: str = ""


class ProgressBusy(OSError):
    """Another process holds the file for longer than any writing takes."""


def load(path: Path) -> Loaded:
    """Read the document; none is there yet: an empty one. What is no document is renamed and told, never dropped.

    Raises OSError when the file cannot be read, ProgressBusy when another process does not let go of it.
    """
    if not path.exists():
        return Loaded(Progress())
    with _locked(path):
        return _read(path)


def update(path: Path, change: Callable[[Progress], Progress]) -> Loaded:
    """Read, change and write in one step that no other process comes between; return what is now in the file.

    Raises OSError when the file cannot be written (it then holds what it held), ProgressBusy as `load` does.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path):
        found = _read(path)
        after = change(found.progress)
        if after != found.progress or not path.exists():
            _write(path, document.dump(after))
        return Loaded(after, found.message)


def save(path: Path, progress: Progress) -> Loaded:
    """Write a document; what is in the file already is merged with it, not replaced. Raises as `update` does."""
    return update(path, lambda now: document.merge(now, progress))


def _read(path: Path) -> Loaded:
    try:
        return Loaded(document.parse(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Loaded(Progress())
    except (UnicodeDecodeError, ProgressError) as error:
        aside = _free_name(path)
        os.replace(path, aside)
        return Loaded(Progress(), f"{path}: {error}. The file was set aside as {aside.name}, and progress begins anew; "
                                  "to have it back, repair that file and import it.")


def _free_name(path: Path) -> Path:
    """Return `progress.corrupt-<n>.json` with the first free number; the lock is held, nobody takes it meanwhile."""
    number = 1
    while (name := path.with_name(f"{path.stem}.corrupt-{number}{path.suffix}")).exists():
        number += 1
    return name


def _write(path: Path, text: str) -> None:
    """Replace the file by one that is complete on the disk: a power cut leaves the old one or the new one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        _replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _replace(name: str, path: Path) -> None:
    """Rename over the file. On Windows that fails while a virus scanner or an editor reads it: try for a while."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            os.replace(name, path)
            return
        except PermissionError:
            if sys.platform != "win32" or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock of `path`. The operating system gives it up with the process, so none is ever stale.

    The lock is a file of its own, which stays: the document's file is replaced, and a lock on it would go with it.
    """
    lock = path.with_name(f".{path.name}.lock")
    with open(lock, "ab") as file:
        deadline = time.monotonic() + PATIENCE
        while not _take(file.fileno()):
            if time.monotonic() > deadline:
                raise ProgressBusy(f"{path}: another process holds {lock.name} for more than {PATIENCE:g} s; end it, "
                                   "then try again")
            time.sleep(_PAUSE)
        try:
            yield
        finally:
            _give_up(file.fileno())


if sys.platform == "win32":
    def _take(handle: int) -> bool:
        os.lseek(handle, 0, os.SEEK_SET)  # the lock is on the bytes from here
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _give_up(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
elif sys.platform == "emscripten":
    def _take(handle: int) -> bool:
        return True  # the page's file system belongs to one process

    def _give_up(handle: int) -> None:
        return
else:
    def _take(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _give_up(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
