"""One function behind `ThreadingHTTPServer`, and a client that talks to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
from client_server_rest_files.messages import Request, Response

App = Callable[[Request], Response | None]


class Server(ThreadingHTTPServer):
    """A thread for each connection; `app` gives the answers."""

    app: App


class Door(BaseHTTPRequestHandler):
    """Turns bytes into a Request and a Response into bytes; for None it cuts the connection."""

    protocol_version = "HTTP/1.1"
    server: Server

    def handle(self) -> None:
        """Serve the connection to its end; a client may hang up before that."""
        with suppress(ConnectionError):
            super().handle()

    def answer(self) -> None:
        """Read the request, ask the app, write what it says."""
        fields = {name.title(): text for name, text in self.headers.items()}
        body = self.rfile.read(int(fields.get("Content-Length", 0)))
        response = self.server.app(Request(self.command, self.path, fields, body))
        if response is None:
            self.close_connection = True
            return
        self.send_response_only(response.status)
        for name, text in response.fields.items():
            self.send_header(name, text)
        if response.status not in (204, 304):  # they end with their head
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *_: object) -> None:
        """Write nothing beside the notebook."""


@contextmanager
def opened(app: App) -> Iterator[httpx.Client]:
    """Serve `app` on a free port and give a client for it; at the end close both."""
    with Server(("127.0.0.1", 0), Door) as server:
        server.app = app
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            address = f"http://127.0.0.1:{server.server_port}"
            with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:  # past any proxy
                yield client
        finally:
            server.shutdown()
            thread.join()
