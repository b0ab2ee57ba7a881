"""A server of the standard library, run beside the cell that talks to it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseServer
from threading import Thread

# The servers of this lesson are on this machine: a client that obeys HTTP_PROXY must not look for them elsewhere.
os.environ["NO_PROXY"] = ",".join(filter(None, (os.environ.get("NO_PROXY"), "127.0.0.1")))


@contextmanager
def running(server: BaseServer) -> Iterator[int]:
    """Serve in a thread and give the port; at the end finish the open connections and free the port."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
