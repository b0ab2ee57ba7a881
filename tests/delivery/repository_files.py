"""Which files belong to the repository, by git or, in a downloaded archive, by .gitignore."""

import os
import shutil
import subprocess
from pathlib import Path


def names(root: Path) -> list[str]:
    return tracked_names(root) if (root / ".git").exists() and shutil.which("git") else walked_names(root)


def tracked_names(root: Path) -> list[str]:
    # In a container the checkout often belongs to another user, which git refuses to read unless told so.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True, encoding="utf-8")
    return done.stdout.split("\0")[:-1]


def walked_names(root: Path) -> list[str]:
    """Every file outside the folders that .gitignore names."""
    lines = (root / ".gitignore").read_text(encoding="utf-8").split()
    skipped = {line.strip("/") for line in lines if line.endswith("/")} | {".git"}
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in skipped and not name.endswith(".egg-info")]
        found += [(Path(folder) / name).relative_to(root).as_posix() for name in files]
    return found
