"""Start the local server, say where it is, and stop it cleanly."""

import os
import shutil
import signal
import socket
import tempfile
from pathlib import Path
from types import FrameType
from typing import cast

from jupyter_core.paths import jupyter_config_dir
from jupyter_core.utils import ensure_event_loop
from jupyter_server.serverapp import ServerApp
from tornado.httpserver import HTTPServer
from traitlets.config import Config

from course.serve import browser, log, port, quick, settings, site
from course.serve.api import RESOURCES, Resources
from course.serve.identity import TokenOnce

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # where the platform has them


class NotBuiltError(RuntimeError):
    """There is no site to serve; the message says how to build it."""


def serve(root: Path, asked_port: int | None = None, open_browser: bool = True,
          resources: Resources | None = None) -> None:
    """Serve the built site and kernels of the repository at `root` until a signal ends it.

    `asked_port` as in `port.listen`; `resources` makes what checks need, a database say. Prints the one address that
    lets a browser in. Must run in the main thread. Raises NotBuiltError when there is no built site, PortError when
    there is no port.
    """
    if not (root / site.BUILT / "index.html").is_file():
        raise NotBuiltError(f"{(site.BUILT / 'index.html').as_posix()} is missing: "
                            "build the site and start it with `python3 noxfile.py -s serve`")
    listening, remark = port.listen(asked_port)
    if remark:
        print(remark, flush=True)
    with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as folder:
        private = Path(folder)
        state = settings.state_folder(root, private)
        environment = settings.environment(os.environ, state, private)
        os.environ.clear()  # not only updated: what a reader has set for Jupyter must go
        os.environ.update(environment)
        config = settings.config(root, state, listening.getsockname()[1])
        config.ServerApp.tornado_settings[RESOURCES] = resources
        _run(config, private, listening, open_browser)
        shutil.rmtree(jupyter_config_dir(), ignore_errors=True)  # Jupyter's stand-in for the reader's own


def _run(config: Config, private: Path, listening: socket.socket, open_browser: bool) -> None:
    ensure_event_loop(prefer_selector_loop=True)  # tornado cannot use Windows' default loop
    app = ServerApp.instance(config=config)
    with quick.without_programs(private):
        app.initialize(argv=[], find_extensions=False, new_httpserver=False)
    identity = cast(TokenOnce, app.identity_provider)
    lab = app.extension_manager.extension_points["lab"].app
    for each in (app, lab):  # each writes with handlers of its own
        log.quiet(each.log.handlers, identity.secret)
    server = HTTPServer(app.web_app, max_body_size=app.max_body_size, max_buffer_size=app.max_buffer_size)
    server.add_socket(listening)
    _stop_on_signals(app, server)
    app.io_loop.add_callback(_announce, app, identity, open_browser)
    app.start()


def _announce(app: ServerApp, identity: TokenOnce, open_browser: bool) -> None:
    address = f"http://{port.HOST}:{app.port}/course/?token="
    print(f"The course is open at {address}{identity.secret}", flush=True)
    print("Stop it with Ctrl-C.", flush=True)
    if open_browser:
        browser.show(address + identity.ticket(), os.environ)


def _stop_on_signals(app: ServerApp, server: HTTPServer) -> None:
    """Let the first signal stop the server and its kernels; a second Ctrl-C does not wait for them."""
    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        app.io_loop.add_callback_from_signal(server.stop)
        app.stop(from_signal=True)

    for number in (getattr(signal, name) for name in SIGNALS if hasattr(signal, name)):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, stop)
