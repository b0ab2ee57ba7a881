"""From nothing: a copy of the repository's own files in a path with a space, an empty home, and what may go wrong."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course import bootstrap

ROOT = bootstrap.ROOT
# A proxy that is not there: the network is gone, and nothing may come from an earlier download.
OFFLINE = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "PIP_NO_CACHE_DIR": "1"}


@pytest.fixture
def clone(tmp_path):
    """Only what the bootstrap reads, in a path with a space and letters that are not ASCII."""
    folder = tmp_path / "my côurse"
    (folder / "course").mkdir(parents=True)
    for name in ("noxfile.py", "pyproject.toml", "requirements.txt", "course/__init__.py", "course/bootstrap.py"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def start(clone, *arguments, **environment):
    """Run `python3 noxfile.py` as a newcomer would: an empty home, no configuration of pip's."""
    home = clone.parent / "home"
    home.mkdir(exist_ok=True)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "UV_", "VIRTUAL_ENV"))}
    return subprocess.run([sys.executable, "noxfile.py", *arguments], cwd=clone, capture_output=True, text=True,
                          timeout=300, stdin=subprocess.DEVNULL,
                          env={**kept, "HOME": str(home), "PIP_CONFIG_FILE": os.devnull, **environment})


def test_no_network_is_one_sentence_and_a_failure(clone):
    done = start(clone, "-s", "serve", **OFFLINE)
    assert done.returncode == 1
    assert "course: the Python Package Index cannot be reached: check the network connection" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_python_without_its_venv_module_is_told_what_to_install(clone):
    broken = clone.parent / "broken"
    broken.mkdir()
    (broken / "venv.py").write_text("raise SystemExit('Error: ensurepip is not available')")
    done = start(clone, "-s", "serve", PYTHONPATH=str(broken))
    assert done.returncode == 1
    assert f"sudo apt install python3.{sys.version_info.minor}-venv" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_is_one_sentence_and_a_failure(clone):
    small = clone.parent / "small disk"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", small], capture_output=True).returncode:
        pytest.skip("this machine does not allow mounting")
    try:
        shutil.copytree(clone, small / "course", dirs_exist_ok=True)
        done = start(small / "course", "-s", "serve")
        assert done.returncode == 1
        assert "course: the disk is too full" in done.stderr
    finally:
        subprocess.run(["umount", small], check=True)


def test_a_broken_environment_is_made_anew(clone):
    fake = clone / ".venv" / ("Scripts" if os.name == "nt" else "bin")
    fake.mkdir(parents=True)
    (clone / ".venv" / "course-tools").write_text(" ".join(bootstrap.TOOLS))
    done = start(clone, "-s", "serve", **OFFLINE)
    assert "Making the environment" in done.stdout
    assert (fake / ("python.exe" if os.name == "nt" else "python")).exists()
    assert done.returncode == 1


@pytest.mark.parametrize(("said", "expected"), [
    ("The virtual environment was not created successfully because ensurepip is not\navailable.", "sudo apt install"),
    ("/usr/bin/python3: No module named venv", "sudo apt install"),
    ("OSError: [Errno 28] No space left on device", "the disk is full"),
    ("Error: something else", "could not be made: Error: something else"),
])
def test_why_there_is_no_environment(said, expected):
    assert expected in bootstrap._why_no_venv(sys.executable, said)


def test_the_running_python_is_taken_when_it_is_supported():
    assert bootstrap._find_python() == sys.executable


def test_another_python_looks_for_a_supported_one(monkeypatch, tmp_path):
    monkeypatch.setattr(bootstrap, "SUPPORTED", ((2, 99), sys.version_info[:2]))
    monkeypatch.setattr(bootstrap.sys, "version_info", (2, 7))
    name = "python{}.{}".format(*bootstrap.SUPPORTED[1])
    monkeypatch.setattr(bootstrap.shutil, "which", {name: sys.executable}.get)
    assert bootstrap._find_python() == sys.executable
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    assert bootstrap._find_python() is None


def test_installing_is_done_once_for_a_lock(monkeypatch, tmp_path):
    calls = []
    lock = tmp_path / "requirements.txt"
    lock.write_text("fastapi==0.165.0\n")
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", Path(tmp_path / ".venv"))
    bootstrap.VENV.mkdir()
    monkeypatch.setattr(bootstrap.subprocess, "call", lambda command, **_: calls.append(command) or 0)
    for _ in range(2):
        bootstrap.install("requirements.txt")
    lock.write_text("fastapi==0.166.0\n")
    bootstrap.install("requirements.txt")
    assert len(calls) == 2
