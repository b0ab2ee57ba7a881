"""A server as a child: started, waited for, stopped, and never left behind."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from owners import PATIENCE, alive, eventually

from course.services import process
from course.services.process import ServiceError, accepts, free_port, start, start_on_free_port

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and process groups")
SERVE = ("import socket, sys, time\n"
         "listener = socket.create_server(('127.0.0.1', int(sys.argv[1])))\n"
         "print('listening', flush=True)\n"
         "time.sleep(1000)\n")
STUBBORN = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SERVE


def python(code: str, *arguments: object) -> list[str]:
    return [sys.executable, "-c", code, *map(str, arguments)]


def test_a_server_is_ready_when_start_returns_and_gone_after_stop() -> None:
    port = free_port()
    child = start(python(SERVE, port), ready=port)
    assert accepts(port)
    assert child.poll() is None
    assert "listening" in child.log_text()
    status = child.stop()
    assert status == -signal.SIGTERM or sys.platform == "win32"
    assert not alive(child.pid)
    assert not accepts(port)
    assert not child.folder.exists()
    assert "listening" in child.log_text(), "the log can still be read"


def test_stop_twice_returns_the_same_status() -> None:
    child = start(python("raise SystemExit(7)"), ready=None)
    assert child.wait(PATIENCE) == 7
    assert (child.stop(), child.stop()) == (7, 7)


def test_a_function_can_say_when_the_server_is_ready(tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    code = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).write_text(''); time.sleep(1000)"
    with start(python(code, flag), ready=flag.exists):
        assert flag.exists()


def test_a_server_that_dies_at_its_start_is_reported_with_its_log(temp: Path) -> None:
    with pytest.raises(ServiceError) as caught:
        start(python("print('no configuration found'); raise SystemExit(3)"), ready=free_port(), name="demo")
    assert "demo ended with exit status 3" in str(caught.value)
    assert "    no configuration found" in str(caught.value)
    assert not list(temp.iterdir())


def test_a_server_that_is_not_ready_in_time_is_stopped_and_reported_with_its_log(temp: Path) -> None:
    before = set(psutil.Process().children(recursive=True))
    ours: set[psutil.Process] = set()

    def never() -> bool:
        eventually(lambda: any(log.read_text() for log in temp.glob("*/server.log")), "the server writes")
        ours.update(psutil.Process().children(recursive=True))
        return False

    with pytest.raises(ServiceError, match=r"(?s)not ready after 0 seconds.*still loading"):
        start(python("print('still loading', flush=True); import time; time.sleep(1000)"), ready=never, timeout=0)
    assert len(ours - before) == 2, "the watchdog and the server"
    assert not any(alive(child.pid) for child in ours - before)
    assert not list(temp.iterdir())


def test_a_command_that_does_not_exist_is_named(temp: Path) -> None:
    with pytest.raises(ServiceError, match="no_such_server cannot be started"):
        start(["/no_such_server"], ready=None)
    assert not list(temp.iterdir())


def test_a_port_that_another_process_serves_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ServiceError, match=f"port {port} is already in use"):
            start(python(SERVE, port), ready=port)


def test_a_port_that_was_taken_meanwhile_is_replaced_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken, good = other.getsockname()[1], free_port()
        ports = iter([taken, good])
        monkeypatch.setattr(process, "free_port", lambda: next(ports))
        child, port = start_on_free_port(
            lambda number: start(python(SERVE, number), ready=lambda: accepts(number) and number != taken))
        child.stop()
    assert port == good


def test_another_failure_is_not_tried_again() -> None:
    tried: list[int] = []

    def attempt(port: int) -> process.Child:
        tried.append(port)
        return start(python("raise SystemExit('broken')"), ready=port)

    with pytest.raises(ServiceError, match="broken"):
        start_on_free_port(attempt)
    assert len(tried) == 1


@posix
def test_a_server_that_ignores_the_signal_is_killed() -> None:
    port = free_port()
    child = start(python(STUBBORN, port), ready=port)
    assert child.stop(grace=0.2) == -signal.SIGKILL
    assert not alive(child.pid)


@posix
def test_what_a_server_leaves_in_its_process_group_is_ended(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = ("import pathlib, subprocess, sys, time\n"
            "helper = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1000)'])\n"
            "pathlib.Path(sys.argv[1]).write_text(str(helper.pid))\n"
            "time.sleep(1000)")
    child = start(python(code, note), ready=lambda: note.exists() and note.read_text() != "")
    helper = int(note.read_text())
    assert alive(helper)
    assert child.kill() == -signal.SIGKILL
    eventually(lambda: not alive(helper), "the helper of a killed server ends")
    child.stop()


def test_one_folder_runs_one_command_after_another() -> None:
    child = start(python("print('first')"), ready=None)
    child.wait(PATIENCE)
    child.run(python("import time; print('second', flush=True); time.sleep(1000)"))
    child.wait_ready(lambda: "second" in child.log_text())
    assert "first" not in child.log_text(), "the log is that of the latest command"
    assert child.log.read_text().split() == ["first", "second"]
    with pytest.raises(ServiceError, match="still runs"):
        child.run(python("pass"))
    child.stop()
    with pytest.raises(ServiceError, match="has been stopped"):
        child.run(python("pass"))


def test_waiting_has_an_end() -> None:
    with start(python("import time; time.sleep(1000)"), ready=None) as child, pytest.raises(TimeoutError):
        child.wait(0.05)


def test_variables_and_folder_are_handed_to_the_server(tmp_path: Path) -> None:
    code = "import os; print(os.environ['GREETING'], os.getcwd(), 'PATH' in os.environ)"
    child = start(python(code), ready=None, env={"GREETING": "здравствуй", "PYTHONIOENCODING": "utf-8"}, cwd=tmp_path)
    child.wait(PATIENCE)
    assert child.log_text().split() == ["здравствуй", str(tmp_path), "True"]
    child.stop()


OWNED = ("from course.services.process import start, free_port\n"
         "port = free_port()\n"
         f"child = start([sys.executable, '-c', {SERVE!r}, str(port)], ready=port)\n")
TELL = "tell({'pid': child.pid, 'folder': str(child.folder)})"


def test_kill_9_of_the_owner_leaves_no_process_and_no_folder(owner) -> None:
    killed = owner(OWNED + TELL)
    told, family = killed.told(), killed.family()
    assert told["pid"] in family
    assert Path(told["folder"]).is_dir()
    killed.kill()
    eventually(lambda: not any(map(alive, family)), "server and watchdog end")
    assert not Path(told["folder"]).exists()


def test_an_owner_that_ends_without_stopping_leaves_nothing_once_it_has_ended(owner) -> None:
    ended = owner(OWNED + TELL)
    told = ended.told()
    ended.close()
    assert ended.process.returncode == 0
    assert not alive(told["pid"])
    assert not Path(told["folder"]).exists()


@posix
def test_a_forked_copy_of_the_owner_keeps_nothing_alive(owner) -> None:
    code = ("copy = os.fork()\n"
            "if copy == 0:\n"
            "    os.close(1); time.sleep(1000)\n")
    killed = owner(OWNED + code + TELL.replace("{", "{'copy': copy, ", 1))
    told = killed.told()
    killed.kill()
    try:
        eventually(lambda: not alive(told["pid"]), "the server ends although the copy lives")
        assert alive(told["copy"])
    finally:
        os.kill(told["copy"], signal.SIGKILL)


@posix
def test_a_forked_copy_that_exits_does_not_stop_the_server(owner) -> None:
    kept = owner(OWNED + "if os.fork() == 0:\n    child.stop()\n    sys.exit()\nos.wait()\n" + TELL)
    assert alive(kept.told()["pid"])


@posix
def test_ctrl_c_in_the_owner_s_terminal_does_not_reach_the_server(owner) -> None:
    code = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); os.killpg(0, signal.SIGINT); time.sleep(0.2)\n"
    kept = owner(OWNED + code + TELL, start_new_session=True)
    assert alive(kept.told()["pid"])


@posix
def test_a_watchdog_asked_to_end_cleans_up_too() -> None:
    port = free_port()
    child = start(python(SERVE, port), ready=port)
    psutil.Process(child.pid).parent().terminate()
    eventually(lambda: not alive(child.pid) and not child.folder.exists(), "server and folder go with the watchdog")
    child.stop()
    with pytest.raises(ServiceError, match="has been stopped"):
        child.kill()


def test_nothing_is_printed() -> None:
    code = OWNED + "child.kill(); child.stop()\n"
    quiet = subprocess.run([sys.executable, "-c", "import sys\n" + code], capture_output=True, text=True, check=True)
    assert (quiet.stdout, quiet.stderr) == ("", "")
