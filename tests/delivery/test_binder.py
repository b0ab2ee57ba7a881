"""Binder installs the lock: repo2docker's dry run, which needs no container engine."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

pytestmark = pytest.mark.skipif(os.name == "nt", reason="repo2docker runs on Linux and macOS only")


def dry_run(folder: Path) -> str:
    """The Dockerfile that repo2docker would build from `folder`, after its log."""
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def installed_files(folder: Path, dockerfile: str) -> set[Path]:
    """Every requirements file that the Dockerfile hands to pip, with those they include."""
    waiting = [folder / name for name in re.findall(r'pip install .*-r "([^"]+)"', dockerfile)]
    found: set[Path] = set()
    while waiting:
        path = waiting.pop().resolve()
        found.add(path)
        included = re.findall(r"^-r (\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        waiting += [path.parent / name for name in included]  # pip reads them beside the file that names them
    return found


def partial_checkout(root: Path, folder: Path) -> Path:
    """Copy what repo2docker looks at into `folder`, without the rest of the repository."""
    shutil.copytree(root / "binder", folder / "binder")
    for name in ("requirements.txt", "pyproject.toml"):
        shutil.copy(root / name, folder)
    return folder.resolve()


@pytest.fixture(scope="module")
def checkout(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return partial_checkout(root, tmp_path_factory.mktemp("binder"))


@pytest.fixture(scope="module")
def dockerfile(checkout: Path) -> str:
    return dry_run(checkout)


def test_binder_installs_the_lock_and_the_package(checkout: Path, dockerfile: str) -> None:
    assert checkout / "requirements.txt" in installed_files(checkout, dockerfile)
    copied = re.search(r"^COPY .*src/ \$\{REPO_DIR\}/$", dockerfile, re.MULTILINE)
    assert copied
    assert dockerfile.index('-r "binder/requirements.txt"') > copied.start(), "pip runs before the lock comes"
    lines = (checkout / "binder/requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["-r ../requirements.txt", "-e ."], \
        "binder/requirements.txt lists packages of its own, which would drift from the lock"


def test_binder_runs_a_python_that_the_package_supports(checkout: Path, dockerfile: str) -> None:
    built = re.search(r"Building conda environment for python=(\S+)", dockerfile)
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert built
    assert built[1] in SpecifierSet(project["requires-python"])


def test_a_copied_list_is_not_taken_for_the_lock(root: Path, tmp_path: Path) -> None:
    folder = partial_checkout(root, tmp_path)
    (folder / "binder/requirements.txt").write_text("fastapi==0.1\n", encoding="utf-8")
    assert folder / "requirements.txt" not in installed_files(folder, dry_run(folder))


def test_binder_builds_the_pages_and_serves_them(root: Path, checkout: Path, dockerfile: str) -> None:
    script = checkout / "binder" / "postBuild"
    assert "./binder/postBuild" in dockerfile
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)
    assert (root / "binder" / "jupyter_server_config.py").is_file()
