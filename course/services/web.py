"""ASGI applications served by uvicorn on 127.0.0.1: in a thread of ours, or in a child that dies with us."""

import logging
import socket
import threading
import time
from collections.abc import Mapping
from typing import Any, Self

import uvicorn

from course.services.process import ServiceError
from course.services.web_child import HOST, ChildServer, serve_child

__all__ = ["ChildServer", "ServiceError", "ThreadServer", "serve", "serve_child"]

START_TIMEOUT = 30.0  # seconds
OPEN_RESPONSES = 3  # seconds that unfinished responses have once the server is to stop

# Without a handler of the user's own, logging would print uvicorn's errors into the notebook.
logging.getLogger("uvicorn").addHandler(logging.NullHandler())


class ThreadServer:
    """An application served by uvicorn in a thread of this process.

    Use it as a context manager, or call `start()` and `stop()`, in any cell, also inside a running event loop:
    it has a loop of its own. `url` and `port` say where it listens. The thread does not keep Python alive.
    """

    def __init__(self, app: Any, host: str, port: int, options: Mapping[str, Any]) -> None:
        self._app = app
        self._host = host
        self._wanted_port = port
        self._options = {"log_config": None, "timeout_graceful_shutdown": OPEN_RESPONSES, **options}
        self._cause: BaseException | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """The address without a final slash, for example `http://127.0.0.1:40321`."""
        scheme = "https" if "ssl_certfile" in self._options else "http"
        return _url(self._host, self.port, scheme)

    @property
    def running(self) -> bool:
        """Whether the server accepts connections."""
        return self._server is not None and self._server.started

    def start(self) -> Self:
        """Serve, and return once the lifespan startup has run; a server that runs already is left as it is.

        Raises ServiceError when the startup fails, with the application's exception as its cause, and OSError
        when the wanted port is taken.
        """
        if self.running:
            return self
        self._cause = None
        config = uvicorn.Config(self._app, host=self._host, **self._options)
        config.load()
        config.loaded_app = self._watched(config.loaded_app)
        listener = socket.create_server((self._host, self._wanted_port), family=_family(self._host))
        self.port = int(listener.getsockname()[1])
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, args=(self._server, listener), daemon=True,
                                        name=f"uvicorn-{self.port}")
        self._thread.start()
        self._wait_started(self._server, self._thread)
        return self

    def stop(self) -> None:
        """Finish the open responses, run the lifespan shutdown and free the port; twice is no error."""
        server, thread = self._server, self._thread
        self._server = self._thread = None
        if server is not None and thread is not None:
            server.should_exit = True
            thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def _run(self, server: uvicorn.Server, listener: socket.socket) -> None:
        try:
            server.run(sockets=[listener])
        except SystemExit:  # how uvicorn ends when the startup has failed
            pass
        except BaseException as error:
            self._cause = self._cause or error
        finally:
            server.started = False
            listener.close()

    def _wait_started(self, server: uvicorn.Server, thread: threading.Thread) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while not server.started:
            if not thread.is_alive():
                self._server = self._thread = None
                raise ServiceError(f"the application did not start: {_reason(self._cause)}") from self._cause
            if time.monotonic() > deadline:
                server.should_exit = True
                self._server = self._thread = None
                raise ServiceError(f"the application's lifespan startup has not ended after {START_TIMEOUT:g} s: "
                                   "look for what it waits for before its `yield`")
            time.sleep(0.002)

    def _watched(self, app: Any) -> Any:
        """Note the exception that a lifespan raises: uvicorn only logs its text."""
        async def watched(scope: Any, receive: Any, send: Any) -> None:
            try:
                await app(scope, receive, send)
            except BaseException as error:
                if scope["type"] == "lifespan":
                    self._cause = error
                raise
        return watched


def serve(app: Any, *, host: str = HOST, port: int = 0, **uvicorn_options: Any) -> ThreadServer:
    """Return a server for the ASGI application `app`; `with serve(app) as server:` or `serve(app).start()` runs it.

    Port 0 is a free one. `uvicorn_options` are those of `uvicorn.Config`. Raises TypeError when `app` is a name.
    """
    if isinstance(app, str):
        raise TypeError(f"serve() takes the application itself; serve_child({app!r}) takes its name")
    return ThreadServer(app, host, port, uvicorn_options)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _url(host: str, port: int, scheme: str) -> str:
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _reason(error: BaseException | None) -> str:
    return f"{type(error).__name__}: {error}" if error else "it ended during its lifespan startup"
