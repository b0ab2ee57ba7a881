"""From nothing to one environment: what `python3 noxfile.py` runs before there is anything to run it with.

Standard library only, and written so that Python 3.8 can read it: an old Python is told what to do, not shown a
syntax error. One `.venv` holds nox, uv and the course; everything else is done by the sessions of noxfile.py.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = ("nox==2026.10.20", "uv==0.13.9")
SUPPORTED = ((3, 13), (3, 12), (3, 11))  # newest first
_GET_PYTHON = ("no Python 3.11, 3.12 or 3.13 was found and none could be downloaded: install Python 3.13 "
               "from https://www.python.org/downloads/ and run the same command again.")
NEEDED_MB = 1500  # the environment of the tests, the larger one, with its download cache


class SetupError(Exception):
    """The environment cannot be made; the message is one sentence that says what to do."""


def main(arguments: list[str]) -> int:
    """Make the environment, then hand `arguments` to nox in it; return the exit status."""
    try:
        prepare()
    except SetupError as error:
        print("course: " + str(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ncourse: stopped; run the same command again to go on.", file=sys.stderr)
        return 130
    return run_to_end([str(python()), "-m", "nox", "-f", str(ROOT / "noxfile.py"), *arguments])


def run_to_end(command: list[str]) -> int:
    """Run `command` in this terminal and return its exit status; Ctrl-C is left to the command to answer."""
    child = subprocess.Popen(command, cwd=str(ROOT))
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def python() -> Path:
    """Return the path of the environment's Python."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare() -> None:
    """Make `.venv` with nox and uv in it, unless it is there. Raises SetupError."""
    stamp = VENV / "course-tools"
    if stamp.is_file() and stamp.read_text() == " ".join(TOOLS) and _version(str(python())) in SUPPORTED:
        return
    _check_disk()
    print("[setup] Making the environment in .venv ...", flush=True)
    if _version(str(python())) not in SUPPORTED:
        _make_venv()
    print("[setup] Installing nox and uv ...", flush=True)
    _pip(python(), TOOLS)
    stamp.write_text(" ".join(TOOLS))


def install(name: str) -> None:
    """Install the lock file `name` and the course itself with uv, unless that was done. Raises SetupError."""
    lock = ROOT / name
    wanted = hashlib.sha256(lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / ("installed-" + name)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    _check_disk()
    print("[setup] Installing what {} names (once; a few hundred MB) ...".format(name), flush=True)
    command = [str(python()), "-m", "uv", "pip", "install", "--python", str(python()), "-r", str(lock), "-e", str(ROOT)]
    if subprocess.call(command, cwd=str(ROOT)) != 0:
        raise SetupError(_why())
    stamp.write_text(wanted)


def _make_venv() -> None:
    interpreter = _find_python()
    if interpreter is None:
        _make_venv_with_uv()
        return
    command = [interpreter, "-m", "venv", "--clear", str(VENV)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    if done.returncode != 0:
        raise SetupError(_why_no_venv(interpreter, done.stdout))


def _why_no_venv(interpreter: str, said: str) -> str:
    if "ensurepip" in said or "No module named venv" in said:
        version = "{}.{}".format(*(_version(interpreter) or (3, 13)))
        return ("Python's venv module is missing: install it (on Debian and Ubuntu: `sudo apt install python{}-venv`) "
                "and run the same command again.".format(version))
    if _is_disk_full(said):
        return _disk_full()
    lines = said.strip().splitlines()
    return "the environment .venv could not be made: {}".format(lines[-1] if lines else "no reason given")


def _find_python() -> str | None:
    """Return a supported Python of this machine: the running one, else the newest found, else None."""
    if sys.version_info[:2] in SUPPORTED:
        return sys.executable
    for major, minor in SUPPORTED:
        candidate = shutil.which("python{}.{}".format(major, minor))
        if candidate and _version(candidate) == (major, minor):
            return candidate
        if os.name == "nt" and shutil.which("py"):
            asked = subprocess.run(["py", "-{}.{}".format(major, minor), "-c", "import sys; print(sys.executable)"],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True)
            if asked.returncode == 0:
                return asked.stdout.strip()
    return None


def _make_venv_with_uv() -> None:
    """Let uv download a supported Python: this machine has only another one, which is enough to run uv."""
    print("[setup] This machine has no Python 3.11, 3.12 or 3.13: downloading one with uv ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        if subprocess.call([sys.executable, "-m", "venv", folder], stdout=subprocess.DEVNULL) != 0:
            raise SetupError(_GET_PYTHON)
        inner = Path(folder) / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        _pip(inner, TOOLS[1:])
        command = [str(inner), "-m", "uv", "venv", "--seed", "--clear", "--python", "3.13", str(VENV)]
        if subprocess.call(command) != 0:
            raise SetupError(_GET_PYTHON)


def _pip(interpreter: Path, requirements: tuple[str, ...]) -> None:
    command = [str(interpreter), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1"]
    done = subprocess.run(command + list(requirements), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          universal_newlines=True)
    if done.returncode != 0:
        raise SetupError(_disk_full() if _is_disk_full(done.stdout) else _why())


def _why() -> str:
    """Say why a download failed, from what can be seen: the disk, then the network."""
    if shutil.disk_usage(str(ROOT)).free < 50 * 2**20:
        return _disk_full()
    # pip is asked, not a fixed host: it knows the reader's proxy and mirror
    ask = [str(python()), "-m", "pip", "index", "versions", "uv", "--retries", "0", "--timeout", "10"]
    if subprocess.call(ask, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) != 0:
        return ("the Python Package Index cannot be reached: check the network connection or the proxy settings, "
                "then run the same command again; what is already downloaded is kept.")
    return "the installation failed for the reason printed above; repair that and run the same command again."


def _check_disk() -> None:
    free = shutil.disk_usage(str(ROOT)).free // 2**20
    if free < 100 or (free < NEEDED_MB and not VENV.exists()):
        raise SetupError("the disk is too full: {} MB are free in {}, about {} MB are needed.".format(
            free, ROOT, NEEDED_MB))


def _is_disk_full(said: str) -> bool:
    return "No space left" in said or "Errno 28" in said or "not enough space" in said


def _disk_full() -> str:
    return "the disk is full: free about {} MB in {} and run the same command again.".format(NEEDED_MB, ROOT)


def _version(interpreter: str) -> tuple[int, int] | None:
    """Return (major, minor) of an interpreter, or None when it does not run."""
    try:
        said = subprocess.run([interpreter, "-c", "import sys; print(*sys.version_info[:2])"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, universal_newlines=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return None
    parts = said.stdout.split()
    return (int(parts[0]), int(parts[1])) if said.returncode == 0 and len(parts) == 2 else None
