"""Kernels over the standard API: the environment's own Python, and nothing left behind."""

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from local_server import Server, is_gone

CHILD = f"""
import os, subprocess
child = subprocess.Popen([{sys.executable!r}, "-c", "import time; time.sleep(600)"])
(os.getpid(), child.pid)
"""


def test_a_kernel_runs_code(server: Server) -> None:
    headers = server.sign_in()
    kernel = server.start_kernel(headers)
    assert server.run(kernel, headers, "1 + 1") == "2"
    kernels_log = (server.root / "work" / ".jupyter" / "data" / "kernels.log").read_text(encoding="utf-8")
    assert "without encryption" not in kernels_log  # other users of the machine could read what it prints
    assert server.ask(f"/api/kernels/{kernel}", "DELETE", **headers).status == 204


def test_the_only_kernel_is_this_python_whatever_is_installed(server: Server) -> None:
    headers = server.sign_in()
    for name in ("python3", "other"):  # besides the one in the reader's home
        installed = server.root / "work" / ".jupyter" / "data" / "kernels" / name / "kernel.json"
        installed.parent.mkdir(parents=True)
        installed.write_text('{"argv": ["nowhere"], "display_name": "Wrong", "language": "x"}', encoding="utf-8")
    specs = json.loads(server.ask("/api/kernelspecs", **headers).body)
    assert (specs["default"], list(specs["kernelspecs"])) == ("python3", ["python3"])
    assert specs["kernelspecs"]["python3"]["spec"]["display_name"].startswith("Python 3")
    kernel = server.start_kernel(headers)
    assert server.run(kernel, headers, "import sys; sys.executable") == repr(sys.executable)
    assert server.ask(f"/api/kernels/{kernel}", "DELETE", **headers).status == 204


def test_a_lesson_runs_in_its_own_folder_below_the_repository(server: Server) -> None:
    headers = server.sign_in()
    request = {"path": "tiers/demo.ipynb", "name": "demo.ipynb", "type": "notebook", "kernel": {"name": "python3"}}
    session = json.loads(server.ask("/api/sessions", "POST", json.dumps(request), **headers).body)
    folder = server.run(session["kernel"]["id"], headers, "import os; os.getcwd()")
    assert folder == repr(str(server.root / "tiers"))
    assert server.ask(f"/api/sessions/{session['id']}", "DELETE", **headers).status == 204


def test_the_reader_s_home_is_not_written(server: Server) -> None:
    """After everything above: kernels have run, and their history, keys and settings are elsewhere."""
    headers = server.sign_in()
    kernel = server.start_kernel(headers)
    ipython = server.run(kernel, headers, "import IPython; IPython.paths.get_ipython_dir()")
    assert not Path(ipython.strip("'")).is_relative_to(server.home)
    files = {path.relative_to(server.home).as_posix() for path in server.home.rglob("*")
             if path.is_file() and "postgres" not in path.parts}  # the cache of a check's server, which is meant to be
    assert files == {".jupyter/jupyter_server_config.py", ".local/share/jupyter/kernels/python3/kernel.json"}
    assert server.ask(f"/api/kernels/{kernel}", "DELETE", **headers).status == 204


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_ctrl_c_stops_the_server_its_kernels_and_their_children(start: Callable[..., Server]) -> None:
    server = start("--no-browser", "--port", "0")
    headers = server.sign_in()
    pids = json.loads(server.run(server.start_kernel(headers), headers, CHILD).replace("(", "[").replace(")", "]"))
    with closing(server.connect(server.start_kernel(headers), headers)):  # a page that is open all the while
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(30) == 0
    assert [pid for pid in pids if not is_gone(pid)] == []
    assert server.printed().splitlines()[1:] == ["Stop it with Ctrl-C."]
    assert list((server.root.parent / "tmp").iterdir()) == []


def test_a_killed_server_leaves_no_kernel(start: Callable[..., Server]) -> None:
    server = start("--no-browser", "--port", "0")
    headers = server.sign_in()
    pid = int(server.run(server.start_kernel(headers), headers, "import os; os.getpid()"))
    server.process.kill()
    server.process.wait(30)
    assert is_gone(pid)
