"""How Jupyter is set up for the course. Pure, but for finding a folder that can be written."""

import secrets
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import zmq
from traitlets.config import Config

from course.serve import log, port
from course.serve.identity import TokenOnce
from course.serve.kernels import CourseKernels, OwnKernel, Prompt

IDLE_SECONDS = 30 * 60
CULL_SECONDS = 60  # between two looks for idle kernels


def state_folder(root: Path, private: Path) -> Path:
    """Return where JupyterLab keeps a reader's settings: `work/.jupyter`, or `private` where that is locked.

    `private` is a folder of this start only; the settings then end with it.
    """
    state = root / "work" / ".jupyter"
    try:
        state.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=state):
            return state
    except OSError:
        return private


def environment(inherited: Mapping[str, str], state: Path, private: Path) -> dict[str, str]:
    """Return `inherited` with Jupyter's and IPython's folders moved out of the reader's home.

    What a reader has set up for Jupyter elsewhere must not change the course, nor the course it. Keys and
    connection files of this start go to `private`, not below the folder that JupyterLab shows.
    """
    kept = {name: value for name, value in inherited.items() if not name.startswith("JUPYTER")}
    return kept | {
        "JUPYTER_NO_CONFIG": "1",
        "JUPYTER_DATA_DIR": str(state / "data"),
        "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
        "IPYTHONDIR": str(private / "ipython"),
    }


def config(root: Path, state: Path, listening: int) -> Config:
    """Return Jupyter's configuration: content below `root`, settings in `state`, the port `listening`."""
    result = Config()
    _server(result, root, listening)
    _jupyterlab(result, state)
    _kernels(result)
    return result


def _kernels(result: Config) -> None:
    # Any user of the machine can connect to a kernel's port; this keeps what it prints from their eyes.
    result.KernelManager.transport_encryption = "auto" if zmq.has("curve") else "disabled"
    kernels = result.MappingKernelManager
    kernels.cull_idle_timeout, kernels.cull_interval = IDLE_SECONDS, CULL_SECONDS
    kernels.cull_connected = kernels.cull_busy = False  # never one that somebody looks at, or that works
    # Told in a second, not in three, when a kernel has ended; started anew on the ports that the pages know.
    result.KernelRestarter.time_to_dead = 1.0
    result.KernelRestarter.random_ports_until_alive = False
    # Stop must not wait for five seconds when a cell does not let its kernel end.
    result.KernelManager.shutdown_wait_time = 1.0
    # A cell may print a million lines in a second or two; the page shows what it can.
    result.ZMQChannelsWebsocketConnection.iopub_data_rate_limit = 10_000_000  # bytes a second


def _server(result: Config, root: Path, listening: int) -> None:
    server = result.ServerApp
    server.ip, server.port = port.HOST, listening
    server.root_dir = str(root)
    server.default_url = "/course/"
    server.jpserver_extensions = {"course.serve": True, "jupyterlab": True}
    server.identity_provider_class = TokenOnce
    server.kernel_spec_manager_class = OwnKernel
    server.kernel_manager_class = CourseKernels
    server.kernel_websocket_connection_class = Prompt
    server.cookie_secret = secrets.token_bytes(32)  # a cookie is worth nothing after the next start
    server.allow_unauthenticated_access = False
    server.allow_remote_access = False
    server.allow_root = True  # a container has often no other user, and the server listens to itself only
    server.terminals_enabled = False
    server.open_browser = False  # ours opens it, with a ticket
    server.tornado_settings = {
        # Jupyter checks the Referer of some requests from its own pages, so it stays within the origin.
        "headers": {"Referrer-Policy": "same-origin"},
        "xsrf_cookie_kwargs": {"path": "/", "samesite": "Lax"},
        "log_function": log.request,
        "page_config_data": {"buildAvailable": False, "buildCheck": False},
    }


def _jupyterlab(result: Config, state: Path) -> None:
    result.Application.log_level = "WARN"
    lab = result.LabApp
    # JupyterLab with this environment's extensions (the widgets that exercises are made of) and nobody else's: no
    # search for newer ones or for their packages, no Node started to build them or to ask for npm's settings.
    shared = Path(sys.prefix) / "share" / "jupyter"
    lab.app_dir, lab.labextensions_path = str(shared / "lab"), [str(shared / "labextensions")]
    lab.extension_manager = "readonly"
    lab.app_settings_dir = str(Path(__file__).parent / "jupyterlab")
    lab.user_settings_dir = str(state / "settings")
    lab.workspaces_dir = str(state / "workspaces")
    lab.news_url = None
    lab.check_for_updates_class = "jupyterlab.handlers.announcements.NeverCheckForUpdate"
