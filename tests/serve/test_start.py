"""The command `course serve`: ports, sentences, the browser."""

import os
import shlex
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from local_server import Server

from course import cli
from course.serve import settings


def test_a_taken_default_port_makes_way_for_the_next(start: Callable[..., Server]) -> None:
    with socket.socket() as holder:
        try:
            holder.bind(("127.0.0.1", 8888))
            holder.listen()
        except OSError:
            pass  # somebody else holds it, which is as good
        server = start("--no-browser")
    assert 8888 < server.port < 8988
    assert server.printed().startswith(f"Port 8888 is taken: using {server.port}.\nThe course is open at ")
    assert server.ask("/course/", **server.sign_in()).status == 200


def test_a_taken_port_that_was_asked_for_is_refused_in_one_sentence(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _site(tmp_path, monkeypatch)
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        assert cli.main(["serve", "--port", str(port)]) == 1
    assert capsys.readouterr() == ("", f"course: port {port} is taken: name another with --port, "
                                       "or leave --port out to get the next free one\n")


def test_a_site_that_is_not_built_is_told_how_to_build_it(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _site(tmp_path, monkeypatch)
    (tmp_path / "_build" / "html" / "index.html").unlink()
    assert cli.main(["serve"]) == 1
    assert capsys.readouterr() == ("", "course: _build/html/index.html is missing: build the site and start it "
                                       "with `python3 noxfile.py -s serve`\n")


def test_outside_the_course_the_sentence_says_so(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["serve"]) == 1
    assert "change into the folder of the course first\n" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["65536", "-1", "http"])
def test_an_impossible_port_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        cli.main(["serve", "--port", port])
    assert exit_.value.code == 2
    assert "argument --port" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot run a script as a browser")
def test_the_browser_is_opened_with_an_address_that_works_once(start: Callable[..., Server], tmp_path: Path) -> None:
    opened, program = tmp_path / "opened", tmp_path / "browser.py"
    program.write_text("import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])", encoding="utf-8")
    command = shlex.join([sys.executable, str(program), str(opened)]) + " %s"
    server = start("--port", "0", BROWSER=command)
    address = _read(opened)
    assert address.startswith(f"{server.origin}/course/?token=")
    assert server.token not in address  # other users of the machine can read a command's arguments
    path = address.removeprefix(server.origin)
    assert [server.ask(path).status for _ in range(2)] == [302, 403]
    assert server.ask(f"/course/?token={server.token}").status == 302


def test_settings_are_kept_in_work_unless_it_is_locked(tmp_path: Path) -> None:
    private = tmp_path / "private"
    (tmp_path / "work").write_text("a file where the folder would be", encoding="utf-8")
    assert settings.state_folder(tmp_path, private) == private
    (tmp_path / "work").unlink()
    assert settings.state_folder(tmp_path, private) == tmp_path / "work" / ".jupyter"
    assert list((tmp_path / "work" / ".jupyter").iterdir()) == []


def _site(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "_build" / "html").mkdir(parents=True)
    (root / "_build" / "html" / "index.html").touch()
    (root / "_toc.yml").touch()
    monkeypatch.chdir(root)


def _read(file: Path) -> str:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if file.exists() and (text := file.read_text(encoding="utf-8")):
            return text
        time.sleep(0.05)
    raise AssertionError("no browser was opened")
