"""Let `def` endpoints run in the page, where no thread can be started.

Starlette and FastAPI hand every `def` endpoint and dependency to `anyio.to_thread.run_sync`. In the page
that function calls its argument in place, in a copy of the context as the thread would. The answer is the
same; that a slow `def` endpoint leaves the event loop free is what the page cannot show.
"""

import contextvars
import importlib.abc
import importlib.util
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

MODULE = "anyio.to_thread"


async def run_sync(func: Callable[..., Any], *args: Any, abandon_on_cancel: bool = False,
                   cancellable: bool | None = None, limiter: object = None) -> Any:
    """Call `func(*args)` in place, after letting other tasks run once; the options have no meaning here."""
    from anyio.lowlevel import checkpoint

    await checkpoint()
    return contextvars.copy_context().run(func, *args)


class _Loader(importlib.abc.Loader):
    """Load the module as its own loader does, then exchange the one function."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> Any:  # get_source and the like, for tracebacks and inspect
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        module.run_sync = run_sync  # type: ignore[attr-defined]


class _Finder(importlib.abc.MetaPathFinder):
    """Wait for the first import of the module, so that a page without AnyIO does not load it."""

    def find_spec(self, fullname: str, path: Sequence[str] | None = None,
                  target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname != MODULE:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None:
            spec.loader = _Loader(spec.loader)
        return spec


def install() -> None:
    """Exchange `anyio.to_thread.run_sync` when it is first imported."""
    sys.meta_path.insert(0, _Finder())
