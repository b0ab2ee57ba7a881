"""What the delivery tests share: the repository's root and the files that belong to it."""

from pathlib import Path

import pytest
import repository_files

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """The files of the repository; a deleted one that is not committed yet is left out."""
    return sorted(path for path in map(ROOT.joinpath, repository_files.names(ROOT)) if path.is_file())
