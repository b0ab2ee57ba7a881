"""Kernels: one kind, the Python that serves the course, and quiet in the terminal."""

from pathlib import Path
from typing import IO, Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_core.paths import jupyter_data_dir
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

LOG = "kernels.log"


class OwnKernel(KernelSpecManager):
    """Finds no installed kernelspec, so that Jupyter's own remains: `python3`, run by `sys.executable`.

    Lessons need the packages of this environment. A kernelspec named `python3` in a reader's home, or one of
    another language, must not run them.
    """

    def _kernel_dirs_default(self) -> list[str]:
        return []


class QuietKernels(AsyncMappingKernelManager):
    """Keeps in a file what kernels and their children write past the notebook.

    That is mostly the tracebacks of children that Ctrl-C interrupts; in the terminal they would look as if the
    course had failed. The file is `kernels.log` in Jupyter's data folder, of the latest start.
    """

    _log: IO[bytes] | None = None

    async def start_kernel(self, **settings: Any) -> str:  # type: ignore[override]
        """Start a kernel as Jupyter does and return its id."""
        if self._log is None:
            folder = Path(jupyter_data_dir())
            folder.mkdir(parents=True, exist_ok=True)
            self._log = (folder / LOG).open("wb")
        return await super().start_kernel(stdout=self._log, stderr=self._log, **settings)
