"""A branch of Shelf that answers slowly: a web server in this process."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

DELAY = 0.2  # seconds until it answers


class _Covers(BaseHTTPRequestHandler):
    """Every cover is there, but the one of `/lost`."""

    def do_GET(self) -> None:
        """Answer, after a while."""
        time.sleep(DELAY)
        self.send_response(404 if self.path == "/lost" else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    """One thread for each connection; as many as come may wait to be accepted."""

    request_queue_size = 64
    daemon_threads = True


@contextmanager
def slow_branch() -> Iterator[tuple[str, int]]:
    """Serve while the block runs; yields the host and port to connect to."""
    with _Server(("127.0.0.1", 0), _Covers) as server:
        thread = Thread(target=server.serve_forever, name="slow branch")
        thread.start()
        try:
            yield "127.0.0.1", server.server_port
        finally:
            server.shutdown()
            thread.join()
