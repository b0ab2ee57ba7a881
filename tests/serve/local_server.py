"""A running server as the tests see it: over HTTP and WebSocket, byte by byte, nothing corrected on the way."""

import http.client
import json
import subprocess
import time
import uuid
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import psutil
import websocket

LINE = r"The course is open at http://127\.0\.0\.1:(?P<port>\d+)/course/\?token=(?P<token>[\w-]+)\n"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: str


@dataclass(frozen=True)
class Server:
    process: "subprocess.Popen[bytes]"
    root: Path
    home: Path
    log: Path
    port: int
    token: str

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def printed(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def ask(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> Reply:
        """Send one request as it stands (`_` in a header's name becomes `-`) and follow no redirect."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, {name.replace("_", "-"): text for name, text in headers.items()})
        reply = connection.getresponse()
        content = reply.read().decode()
        connection.close()
        return Reply(reply.status, reply.headers, content)

    def sign_in(self) -> dict[str, str]:
        """Open the printed address and return the headers of a signed-in page's own requests."""
        entry = self.ask(f"/course/?token={self.token}")
        login = _cookies(entry)
        page = self.ask("/course/", Cookie=login)
        xsrf = SimpleCookie(page.headers["Set-Cookie"])["_xsrf"].value
        return {"Cookie": f"{login}; _xsrf={xsrf}", "X_XSRFToken": xsrf, "Origin": self.origin}

    def start_kernel(self, headers: dict[str, str]) -> str:
        reply = self.ask("/api/kernels", "POST", "{}", **headers)
        assert reply.status == 201, reply
        return str(json.loads(reply.body)["id"])

    def connect(self, kernel: str, headers: dict[str, str], origin: str | None = None) -> websocket.WebSocket:
        return websocket.create_connection(
            f"ws://127.0.0.1:{self.port}/api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}", timeout=60,
            cookie=headers["Cookie"], origin=origin or self.origin)

    def run(self, kernel: str, headers: dict[str, str], code: str) -> str:
        """Run `code` in the kernel and return the text of its value."""
        channel = self.connect(kernel, headers)
        request = str(uuid.uuid4())
        channel.send(json.dumps(_execute(request, code)))
        try:
            while True:
                message = json.loads(channel.recv())
                if message["parent_header"].get("msg_id") != request:
                    continue
                assert message["msg_type"] != "error", message["content"]
                if message["msg_type"] == "execute_result":
                    return str(message["content"]["data"]["text/plain"])
        finally:
            channel.close()


def _cookies(reply: Reply) -> str:
    jar = SimpleCookie(reply.headers["Set-Cookie"])
    return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())


def _execute(request: str, code: str) -> dict[str, Any]:
    return {"header": {"msg_id": request, "msg_type": "execute_request", "version": "5.3", "username": "",
                       "session": uuid.uuid4().hex, "date": ""},
            "parent_header": {}, "metadata": {}, "channel": "shell", "buffers": [],
            "content": {"code": code, "silent": False, "store_history": False, "user_expressions": {},
                        "allow_stdin": False, "stop_on_error": True}}


def is_gone(pid: int) -> bool:
    """Wait for the process to end; a zombie that nobody has collected has ended too."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.1)
    return False
