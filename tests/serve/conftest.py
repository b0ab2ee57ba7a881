"""A small built site, and the real server started on it as a reader would."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import made_up
import pytest
from local_server import LINE, Server

PAGE = "<!DOCTYPE html>\n<html lang='en'><head><title>{0}</title></head><body><h1>{0}</h1>{1}</body></html>\n"
NOTEBOOK = """{"cells": [{"cell_type": "code", "execution_count": null, "id": "a1", "metadata": {}, "outputs": [],
 "source": ["print(6 * 7)"]}], "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python",
 "name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}
"""
HOSTILE_CONFIG = ("c.ServerApp.allow_origin = '*'\nc.ServerApp.disable_check_xsrf = True\n"
                  "c.ServerApp.allow_remote_access = True\nc.ServerApp.terminals_enabled = True\n")


def build_site(root: Path) -> Path:
    """Write a made-up repository with a built site below `root` and return its root."""
    files = {
        "_toc.yml": "format: jb-book\nroot: tiers/demo\n",
        "secret.txt": "not part of the site",
        "secret.html": "not part of the site",
        "tiers/demo.ipynb": NOTEBOOK,
        "tiers/beside.py": "answer = 42\n",
        "_build/html/index.html": PAGE.format("Home", '<script src="_static/page.js"></script>'),
        "_build/html/tiers/index.html": PAGE.format("Tiers", ""),
        "_build/html/_static/page.js": "document.body.dataset.script = 'ran'\n",
        "_build/html/_static/page.mjs": "export const ready = true\n",
        "_build/html/_static/page.css": "body { margin: 0 }\n",
        "_build/html/_static/code.wasm": "\0asm\1\0\0\0",
        "_build/html/tiers/demo.html": PAGE.format("Demo", ""),
    }
    scripts = Path(__file__).parents[2] / "web" / "run"
    files |= made_up.FILES | {f"_build/html/_static/run/{path.name}": path.read_text(encoding="utf-8")
                              for path in scripts.glob("jupyter*.mjs")}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def hostile_home(home: Path) -> Path:
    """Write a home whose Jupyter lets everyone in and has a `python3` kernel that cannot start."""
    spec = home / ".local" / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
    settings = home / ".jupyter" / "jupyter_server_config.py"
    for file, text in ((spec, '{"argv": ["nowhere"], "display_name": "Wrong", "language": "python"}'),
                       (settings, HOSTILE_CONFIG)):
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    return home


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Start a server: `start(*arguments, command=..., **environment)`; all are stopped at the end."""
    started: list[Server] = []

    def run(*arguments: str, command: Sequence[str] = ("-m", "course.cli"), **environment: str) -> Server:
        folder = tmp_path_factory.mktemp("serve with space")
        root, home = build_site(folder / "course"), hostile_home(folder / "home")
        log, temporary = folder / "log", folder / "tmp"
        temporary.mkdir()
        inherited = os.environ | {"HOME": str(home), "USERPROFILE": str(home), "JUPYTER_TOKEN": "from-outside",
                                  "TMPDIR": str(temporary), "TEMP": str(temporary)}
        inherited.pop("PYTEST_CURRENT_TEST", None)  # kernels that see it do not capture what their children write
        with log.open("wb") as output:
            process = subprocess.Popen([sys.executable, *command, "serve", *arguments], cwd=root / "tiers",
                                       env=inherited | environment, stdout=output, stderr=subprocess.STDOUT)
        server = Server(process, root, home, log, *_address(process, log))
        started.append(server)
        return server

    yield run
    for server in started:
        if server.process.poll() is None:
            server.process.terminate()  # SIGTERM, as a service manager or the shutting down of a machine sends it
            code = server.process.wait(30)
            assert code == 0 or os.name == "nt", server.printed()


def _address(process: "subprocess.Popen[bytes]", log: Path) -> tuple[int, str]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if found := re.search(LINE, log.read_text(encoding="utf-8")):
            return int(found["port"]), found["token"]
        if process.poll() is not None:
            break
        time.sleep(0.05)
    process.kill()
    raise AssertionError(f"the server did not start:\n{log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="session")
def server(start: Callable[..., Server]) -> Server:
    """The one server that most tests share."""
    return start("--no-browser", "--port", "0")
