"""uvicorn in a thread and in a child: up, down, failing, and never left behind."""

import asyncio
import logging
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from owners import PATIENCE, alive, eventually

from course.services import web
from course.services.web import ServiceError, serve, serve_child

APP = """
async def lifespan(receive, send):
    while (await receive())["type"] != "lifespan.shutdown":
        print("lifespan: up")
        await send({"type": "lifespan.startup.complete"})
    print("lifespan: down")
    await send({"type": "lifespan.shutdown.complete"})

def answering(name):
    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            await lifespan(receive, send)
        elif scope["path"] == "/boom":
            raise ValueError(name)
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": name.encode()})
    return app

app, other = answering("app"), answering("other")
"""


def application(events: list[str]) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> Iterator[None]:
        events.append("up")
        yield
        events.append("down")

    app = FastAPI(lifespan=lifespan)
    app.get("/")(lambda: "hello")
    app.get("/boom")(lambda: 1 / 0)
    return app


@pytest.fixture
def module(tmp_path: Path) -> Path:
    file = tmp_path / "мой shelf" / "shelf_app.py"
    file.parent.mkdir()
    file.write_text(APP, encoding="utf-8")
    return file


class TestThread:
    """An application in a thread of ours."""

    def test_it_serves_and_runs_the_lifespan_twice(self) -> None:
        events: list[str] = []
        server = serve(application(events))
        for expected in (["up", "down"], ["up", "down"] * 2):
            with server:
                assert httpx.get(server.url).json() == "hello"
                assert server.running
            assert events == expected
            assert not server.running

    def test_the_port_is_free_again_and_the_thread_gone(self) -> None:
        with serve(application([])) as first:
            port = first.port
            httpx.get(first.url)
            assert f"uvicorn-{port}" in {thread.name for thread in threading.enumerate()}
        assert f"uvicorn-{port}" not in {thread.name for thread in threading.enumerate()}
        with pytest.raises(httpx.ConnectError):
            httpx.get(first.url)
        with serve(application([]), port=port) as second:
            assert (second.port, httpx.get(second.url).status_code) == (port, 200)

    def test_a_taken_port_is_an_error_at_once(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(OSError, match="in use"):
            serve(application([]), port=other.getsockname()[1]).start()

    def test_it_works_inside_a_running_event_loop(self) -> None:
        async def notebook() -> list[object]:
            server = serve(application(events := [])).start()
            async with httpx.AsyncClient() as client:
                text = (await client.get(server.url)).json()
                server.stop()
            return [text, *events]

        assert asyncio.run(notebook()) == ["hello", "up", "down"]

    def test_start_and_stop_may_be_repeated(self) -> None:
        events: list[str] = []
        server = serve(application(events)).start()
        assert server.start().running
        server.stop()
        server.stop()
        assert events == ["up", "down"]

    def test_a_lifespan_that_fails_is_the_cause_of_the_error(self) -> None:
        @asynccontextmanager
        async def lifespan(app: FastAPI) -> Iterator[None]:
            raise LookupError("no signing key")
            yield

        server = serve(FastAPI(lifespan=lifespan))
        with pytest.raises(ServiceError, match="did not start: LookupError: no signing key") as caught:
            server.start()
        assert isinstance(caught.value.__cause__, LookupError)
        assert not server.running
        with pytest.raises(httpx.ConnectError):
            httpx.get(server.url)

    def test_a_lifespan_that_never_ends_its_startup_is_reported(self, monkeypatch: pytest.MonkeyPatch) -> None:
        gate = threading.Event()

        @asynccontextmanager
        async def lifespan(app: FastAPI) -> Iterator[None]:
            await asyncio.to_thread(gate.wait)
            yield

        monkeypatch.setattr(web, "START_TIMEOUT", 0.1)
        server = serve(FastAPI(lifespan=lifespan))
        with pytest.raises(ServiceError, match=r"startup has not ended after 0\.1 s"):
            server.start()
        gate.set()
        name = f"uvicorn-{server.port}"
        eventually(lambda: name not in {thread.name for thread in threading.enumerate()}, "the late thread ends")

    def test_a_response_that_never_ends_does_not_hold_the_stop(self, monkeypatch: pytest.MonkeyPatch) -> None:
        app = FastAPI()

        @app.get("/endless")
        def endless() -> StreamingResponse:
            async def ticks() -> Iterator[str]:
                while True:
                    yield "tick\n"
                    await asyncio.sleep(0.01)
            return StreamingResponse(ticks())

        server = serve(app, timeout_graceful_shutdown=1).start()
        with httpx.stream("GET", f"{server.url}/endless") as response:
            assert next(response.iter_text()).startswith("tick")
            server.stop()
        assert not server.running

    def test_options_are_uvicorn_s(self) -> None:
        with serve(application([]), root_path="/api", headers=[("x-course", "shelf")]) as server:
            assert httpx.get(server.url).headers["x-course"] == "shelf"

    def test_a_name_is_refused_with_a_pointer(self) -> None:
        with pytest.raises(TypeError, match=r"serve_child\('shelf:app'\)"):
            serve("shelf:app")

    def test_its_log_goes_to_logging_and_not_to_the_screen(
            self, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
        with serve(application([])) as server:
            assert httpx.get(f"{server.url}/boom").status_code == 500
        assert "ZeroDivisionError" in caplog.text
        assert capfd.readouterr() == ("", "")
        assert not [handler for handler in logging.getLogger("uvicorn").handlers
                    if not isinstance(handler, logging.NullHandler)]


def test_an_interpreter_with_a_running_server_prints_nothing_and_ends(module: Path) -> None:
    code = ("import sys, urllib.error, urllib.request\n"
            "sys.path.insert(0, sys.argv[1])\n"
            "import shelf_app\n"
            "from course.services.web import serve, serve_child\n"
            "server = serve(shelf_app.other, lifespan='off').start()\n"
            "child = serve_child('shelf_app:app', app_dir=sys.argv[1])\n"
            "assert urllib.request.urlopen(child.url).read() == b'app'\n"
            "try:\n"
            "    urllib.request.urlopen(server.url + '/boom')\n"
            "except urllib.error.HTTPError as error:\n"
            "    assert error.code == 500\n")
    quiet = subprocess.run([sys.executable, "-c", code, str(module.parent)], capture_output=True, text=True,
                           timeout=PATIENCE, check=False)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")


class TestChild:
    """An application in a process of its own."""

    def test_a_file_is_served_and_stop_returns_the_exit_status(self, module: Path) -> None:
        child = serve_child(module, access_log=False, log_level="debug")
        assert httpx.get(child.url).text == "app"
        assert alive(child.pid)
        status = child.stop()
        assert status == -signal.SIGTERM or sys.platform == "win32"
        assert not alive(child.pid)
        log = child.log_text()
        assert log.index("lifespan: up") < log.index("lifespan: down")
        assert "GET /" not in log, "access_log=False has reached uvicorn"
        with pytest.raises(httpx.ConnectError):
            httpx.get(child.url)

    def test_a_file_and_a_name_choose_the_application_and_the_port_may_be_given(self, module: Path) -> None:
        port = web_port()
        with serve_child(f"{module}:other", port=port) as child:
            assert (child.port, httpx.get(child.url).text) == (port, "other")
            with pytest.raises(ServiceError, match=f"port {port} is already in use"):
                serve_child(module, port=port)
            assert child.kill() == -signal.SIGKILL or sys.platform == "win32"
            assert not child.running

    def test_an_application_that_does_not_load_is_reported_with_the_log(self, module: Path) -> None:
        with pytest.raises(ServiceError, match=r'(?s)exit status 3.*Attribute "missing" not found'):
            serve_child(f"{module}:missing")

    def test_kill_9_of_the_owner_ends_it(self, owner, module: Path) -> None:
        killed = owner("from course.services.web import serve_child\n"
                       f"child = serve_child({str(module)!r})\n"
                       "tell({'pid': child.pid, 'folder': str(child._child.folder), 'port': child.port})\n")
        told, family = killed.told(), killed.family()
        assert told["pid"] in family
        killed.kill()
        eventually(lambda: not any(map(alive, family)), "uvicorn and its watchdog end")
        assert not Path(told["folder"]).exists()
        socket.create_server(("127.0.0.1", told["port"])).close()


def web_port() -> int:
    with serve(FastAPI()) as server:
        return server.port
