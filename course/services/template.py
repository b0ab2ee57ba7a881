"""A prepared data folder in the user's cache, because `initdb` takes longer than all the rest of a start.

It is written under another name and renamed, which is atomic: two processes at once both end with a whole one.
Nothing here is needed for a start: without a cache each cluster runs `initdb` for itself.
"""

import os
import shutil
import time
import uuid
from pathlib import Path

import platformdirs

ABANDONED = 3600.0  # seconds after which an unfinished copy has no living writer


def place(name: str) -> Path:
    """Return where the template of this name is or would be; the name says all that its content depends on."""
    return platformdirs.user_cache_path("course") / "postgres" / name


def restore(name: str, data: Path) -> bool:
    """Copy the template to the new folder `data`; return False when there is no whole one."""
    source = place(name)
    try:
        expected = (source / "content").read_text()
        _copy(source / "data", data)
        if _content(data) == expected:
            return True
        shutil.rmtree(source, ignore_errors=True)  # something has cleaned up in the cache
    except (OSError, shutil.Error):
        pass
    shutil.rmtree(data, ignore_errors=True)
    return False


def save(name: str, data: Path) -> None:
    """Keep a copy of `data`, the folder of a server that does not run, if the cache can be written."""
    target = place(name)
    unfinished = target.with_name(f".{name}-{uuid.uuid4().hex[:8]}")
    try:
        unfinished.mkdir(parents=True)
        _sweep(target.parent)
        _copy(data, unfinished / "data")
        (unfinished / "content").write_text(_content(data))
        os.replace(unfinished, target)
    except (OSError, shutil.Error):  # not writable, full, or another process was first
        shutil.rmtree(unfinished, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, copy_function=shutil.copyfile)
    target.chmod(0o700)  # PostgreSQL refuses a data folder that others can enter


def _content(data: Path) -> str:
    """Say how much is in the folder, which tells a whole copy from one in which files are missing or cut."""
    sizes = [path.stat().st_size for path in data.rglob("*") if path.is_file()]
    return f"{len(sizes)} files, {sum(sizes)} bytes"


def _sweep(folder: Path) -> None:
    for unfinished in folder.glob(".*"):
        if time.time() - unfinished.stat().st_mtime > ABANDONED:
            shutil.rmtree(unfinished, ignore_errors=True)
