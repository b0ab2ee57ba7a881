"""The local site: pages, kernels and progress on one origin, on jupyter-server.

As a jupyter-server extension (`jpserver_extensions: {"course.serve": true}`) it adds the built book under `/course/`
and what its pages ask for under `/api/course/`, on a learner's machine as on a hub. `course.serve.start` is the whole
local server.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "course.serve"}]


def _load_jupyter_server_extension(app: ServerApp) -> None:
    # Imported here so that the command can import its small modules before all of Jupyter.
    from course import repository
    from course.serve import api, site

    root = repository.root(Path(app.root_dir))
    routes = [*site.handlers(app.base_url, root / site.BUILT), *api.handlers(app.base_url, root)]
    app.web_app.add_handlers(".*$", routes)  # type: ignore[no-untyped-call]
