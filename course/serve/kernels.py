"""Kernels: one kind, the Python that serves the course, quiet in the terminal, and one of them always waiting."""

import asyncio
import os
from pathlib import Path
from typing import IO, Any, cast

import psutil  # type: ignore[import-untyped]
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_core.paths import jupyter_data_dir
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager, ServerKernelManager
from jupyter_server.utils import ApiPath
from traitlets import default

LOG = "kernels.log"
PATIENCE = 60.0  # seconds for a spare kernel to answer for the first time
QUICK = 2.0  # seconds for it to move into a lesson; a new one would be there by then


class OwnKernel(KernelSpecManager):
    """Finds no installed kernelspec, so that Jupyter's own remains: `python3`, run by `sys.executable`.

    Lessons need the packages of this environment. A kernelspec named `python3` in a reader's home, or one of
    another language, must not run them.
    """

    def _kernel_dirs_default(self) -> list[str]:
        return []


class Kernel(ServerKernelManager):
    """One kernel. `folder` is where it works: a spare one has moved there, and is started anew there."""

    folder: str | None = None

    async def restart_kernel(self, *arguments: Any, **settings: Any) -> None:  # type: ignore[override]
        """Start the process anew, in the folder of its lesson."""
        if self.folder is not None:
            settings["cwd"] = self.folder
        await super().restart_kernel(*arguments, **settings)

    async def silently(self, code: str, seconds: float) -> bool:
        """Run code that leaves no trace in the reader's names and numbers; return whether it ended well in time."""
        client = self.client()
        client.start_channels(iopub=False, stdin=False, hb=False, control=False)
        try:
            reply = await client.execute(code, silent=True, store_history=False, reply=True, timeout=seconds)
        except TimeoutError:
            return False
        finally:
            client.stop_channels()
        return bool(reply["content"]["status"] == "ok")

    async def move(self, folder: str, environment: dict[str, str]) -> bool:
        """Make a kernel that has run nothing as if it had been started in `folder` with `environment`."""
        self.folder = folder
        self.update_env(env=environment)
        changed = {name: text for name, text in environment.items() if os.environ.get(name) != text}
        code = f"__import__('os').chdir({folder!r}); __import__('os').environ.update({changed!r})"
        return await self.silently(code, QUICK)


class Prompt(ZMQChannelsWebsocketConnection):
    """A page's connection to a kernel, on which a small message does not wait for the answer to the one before.

    Without TCP_NODELAY (RFC 896, RFC 1122 section 4.2.3.2) every cell takes 40 ms longer.
    """

    def connect(self) -> "asyncio.Future[None] | None":  # type: ignore[override]
        """Connect to the kernel."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()


class CourseKernels(AsyncMappingKernelManager):
    """Kernels for lessons, one of which is started before it is asked for: the first cell then runs at once.

    What kernels and their children write past the notebook is kept in `kernels.log` in Jupyter's data folder, of the
    latest start. That is mostly the tracebacks of children that Ctrl-C interrupts; in the terminal they would look as
    if the course had failed.
    """

    _log: IO[bytes] | None = None
    _spare: str | None = None  # the id of the kernel that waits; nobody is told of it
    _starting: str | None = None  # the id of the one that will wait
    _ending: str | None = None  # the id of the one that waited until it was culled
    _warming: "asyncio.Task[None] | None" = None

    @default("kernel_manager_class")
    def _kernel_manager_class_default(self) -> str:
        return f"{Kernel.__module__}.{Kernel.__name__}"

    async def start_kernel(self, *, kernel_id: str | None = None,  # type: ignore[override]
                           path: ApiPath | None = None, **settings: Any) -> str:
        """Start a kernel as Jupyter does, or hand over the one that waits; return its id."""
        if path is not None and kernel_id is None and (taken := await self._take(path, settings.get("env") or {})):
            return taken
        log = self._open_log()
        return await super().start_kernel(kernel_id=kernel_id, path=path, stdout=log, stderr=log, **settings)

    def keep_warm(self) -> None:
        """See to it that a kernel waits; without one, begin to start it and return at once."""
        if self._waiting() is None and (self._warming is None or self._warming.done()):
            self._warming = asyncio.ensure_future(self._warm())

    def spare_memory(self) -> int | None:
        """Return the bytes of memory (resident) of the kernel that waits; None when there is none."""
        waiting = self._waiting()
        if waiting is None:
            return None
        pid = getattr(self._kernel(waiting).provisioner, "pid", None)
        try:
            return int(psutil.Process(pid).memory_info().rss) if pid else None
        except psutil.Error:  # it is being ended
            return None

    def list_kernels(self) -> list[dict[str, Any]]:
        """Return the models of the kernels that were started for somebody."""
        return [model for model in super().list_kernels()  # type: ignore[no-untyped-call]
                if model["id"] not in (self._spare, self._starting, self._ending)]

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel that nobody uses; not the one that is still being made ready, on a machine that is busy."""
        if kernel_id != self._starting:
            await super().cull_kernel_if_idle(kernel_id)  # type: ignore[no-untyped-call]

    async def shutdown_kernel(self, kernel_id: str, now: bool = False,  # type: ignore[override]
                              restart: bool = False) -> None:
        """End a kernel; the one that waits does so no longer, since a page may come before it has ended."""
        if kernel_id == self._spare:
            self._spare, self._ending = None, kernel_id
        await super().shutdown_kernel(kernel_id, now=now, restart=restart)  # type: ignore[no-untyped-call]

    async def _warm(self) -> None:
        log = self._open_log()
        self._starting = kernel_id = self.new_kernel_id()
        try:
            await super().start_kernel(kernel_id=kernel_id, path=ApiPath(""), env=dict(os.environ),
                                       stdout=log, stderr=log)
            if await self._kernel(kernel_id).silently("pass", PATIENCE):
                self._spare = kernel_id
                return
            await self.shutdown_kernel(kernel_id, now=True)
        except Exception as error:  # the reader's own kernel will tell what is wrong; this one is a convenience
            self.log.debug("no kernel waits: %s", error)
        finally:
            self._starting = None

    async def _take(self, path: ApiPath, environment: dict[str, str]) -> str | None:
        """Return the id of the kernel that waits, moved to the lesson's folder; None when there is none."""
        if self._warming is not None and not self._warming.done():
            await asyncio.wait([self._warming])  # it is nearer to the end than a new one would be
        taken, self._spare = self._waiting(), None
        if taken is None:
            return None
        folder = self.cwd_for_path(path)  # type: ignore[no-untyped-call]
        if await self._kernel(taken).move(folder, environment):
            return taken
        await self.shutdown_kernel(taken, now=True)
        return None

    def _waiting(self) -> str | None:
        """Return the id of the kernel that waits, unless it was culled."""
        return self._spare if self._spare and self._spare in self else None

    def _kernel(self, kernel_id: str) -> Kernel:
        return cast(Kernel, self.get_kernel(kernel_id))

    def _open_log(self) -> IO[bytes]:
        if self._log is None:
            folder = Path(jupyter_data_dir())
            folder.mkdir(parents=True, exist_ok=True)
            self._log = (folder / LOG).open("wb")
        return self._log
