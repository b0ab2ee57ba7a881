"""What the delivery tests share: the repository's root and the files that belong to it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """The files of the repository; a deleted one that is not committed yet is left out."""
    names = tracked_names(ROOT) if (ROOT / ".git").exists() and shutil.which("git") else walked_names(ROOT)
    return sorted(path for path in map(ROOT.joinpath, names) if path.is_file())


def tracked_names(root: Path) -> list[str]:
    # In a container the checkout often belongs to another user, which git refuses to read unless told so.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True,
                          encoding="utf-8").stdout.split("\0")[:-1]


def walked_names(root: Path) -> list[str]:
    """Without git (a downloaded archive): every file outside the folders that .gitignore names."""
    lines = (root / ".gitignore").read_text(encoding="utf-8").split()
    skipped = {line.strip("/") for line in lines if line.endswith("/")} | {".git"}
    names = []
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in skipped and not name.endswith(".egg-info")]
        names += [(Path(folder) / name).relative_to(root).as_posix() for name in files]
    return names
