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
    """Copy the template to the new folder `data`; return False when there is none that can be copied."""
    source = place(name)
    if not source.is_dir():
        return False
    try:
        _copy(source, data)
    except (OSError, shutil.Error):
        shutil.rmtree(data, ignore_errors=True)
        return False
    return True


def save(name: str, data: Path) -> None:
    """Keep a copy of `data`, the folder of a cluster that does not run, where the cache can be written."""
    target = place(name)
    unfinished = target.with_name(f".{name}-{uuid.uuid4().hex[:8]}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        _copy(data, unfinished)
        os.replace(unfinished, target)
    except (OSError, shutil.Error):  # not writable, full, or another process was first
        shutil.rmtree(unfinished, ignore_errors=True)


def discard(name: str) -> None:
    """Remove a template that no server starts from."""
    shutil.rmtree(place(name), ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, copy_function=shutil.copyfile)
    target.chmod(0o700)  # PostgreSQL refuses a data folder that others can enter


def _sweep(folder: Path) -> None:
    for unfinished in folder.glob(".*"):
        if time.time() - unfinished.stat().st_mtime > ABANDONED:
            shutil.rmtree(unfinished, ignore_errors=True)
