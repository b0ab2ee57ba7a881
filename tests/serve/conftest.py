"""A small built site, and the real server started on it as a reader would."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from local_server import LINE, Server
from made_up import build_site

HOSTILE_CONFIG = ("c.ServerApp.allow_origin = '*'\nc.ServerApp.disable_check_xsrf = True\n"
                  "c.ServerApp.allow_remote_access = True\nc.ServerApp.terminals_enabled = True\n")


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
