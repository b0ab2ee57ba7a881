"""Whether an answer has changed what checks it: replaced functions, modules and builtins, threads and children left.

This keeps accidents and easy tricks from passing. It is no sandbox: code in our own process can do anything, which is
why practice is not graded, and the exam is graded from outside.
"""

import operator
import os
import sys
import threading
import types
from collections.abc import Iterator
from typing import Any

GRACE = 1.0  # seconds for a thread to end by itself
MENDED = {"typing"}  # typing_extensions, and so each import of pydantic, replaces parts of it; nothing here asks it


class Snapshot:
    """What every module offered before the answer was loaded. Modules that come later are the answer's own affair.

    `earlier` is one that has found no problems: what it knows of a module is not gathered again.
    """

    def __init__(self, earlier: "Snapshot | None" = None) -> None:
        self.modules = dict(sys.modules)
        known, before = (earlier.bindings, earlier.modules) if earlier else ({}, {})
        self.bindings: dict[str, Bindings] = {
            name: known[name] if name in known and before[name] is module else Bindings(name, module)
            for name, module in self.modules.items()
            if isinstance(module, types.ModuleType) and name not in MENDED}
        self.members: dict[type, dict[str, Any]] = {}
        self.code: dict[types.FunctionType, tuple[object, ...]] = {}
        for bindings in self.bindings.values():
            self.members |= bindings.members
            self.code |= bindings.code
        self.threads = set(threading.enumerate())

    def problems(self) -> Iterator[str]:
        """Yield a sentence for everything that is not as it was, and for what was left running."""
        yield from self._replaced()
        for kind, members in self.members.items():
            for key, value in members.items():
                if kind.__dict__.get(key) is not value:
                    yield f"Your code changes `{kind.__qualname__}.{key}`, with which it is checked. Leave it as it is."
        for function, parts in self.code.items():
            if _parts(function) != parts:
                yield f"Your code changes `{function.__qualname__}`, with which it is checked. Leave it as it is."
        yield from self._threads_left()
        if _children_left():
            yield "Your code leaves a child process running: wait for it, or stop it, before the function returns."

    def _replaced(self) -> Iterator[str]:
        # Written without builtins: one of them may be what was replaced.
        for name, module in self.modules.items():
            if sys.modules.get(name) is not module:
                yield f"Your code replaces the module `{name}` in sys.modules. Leave it as it is."
            if name in self.bindings and not self.bindings[name].hold(module):
                for key, value in self.bindings[name].values.items():
                    if module.__dict__.get(key) is not value:
                        yield f"Your code replaces `{name}.{key}` for the whole program. Leave it as it is."

    def _threads_left(self) -> Iterator[str]:
        for thread in set(threading.enumerate()) - self.threads:
            thread.join(GRACE)
            if thread.is_alive():
                yield (f"Your code leaves the thread `{thread.name}` running: "
                       "join it, or tell it to end, before the function returns.")


class Bindings:
    """What is guarded of a module: `values` by their names; of ours also `members` of classes, `code` of functions."""

    def __init__(self, name: str, module: types.ModuleType) -> None:
        self.values = {key: value for key, value in module.__dict__.items() if _guarded(name, key, value)}
        ours = [getattr(value, "function", value) for value in self.values.values()] if _is_ours(name) else []
        self.members = {value: dict(value.__dict__) for value in ours if isinstance(value, type)}
        inner = [*ours, *(member for members in self.members.values() for member in members.values())]
        functions = (value.fget if isinstance(value, property) else value for value in inner)
        self.code = {one: _parts(one) for one in functions if isinstance(one, types.FunctionType)}
        self._get = operator.itemgetter(*self.values) if len(self.values) > 1 else None  # one alone is no tuple
        self._were = tuple(self.values.values())

    def hold(self, module: types.ModuleType, all: Any = all, map: Any = map, same: Any = operator.is_) -> bool:
        """Tell quickly whether all is as it was; False also means that it has to be looked at one by one."""
        try:
            return self._get is not None and all(map(same, self._get(module.__dict__), self._were))
        except KeyError:
            return False


def _is_ours(module: str) -> bool:
    return module == "checks" or module.startswith("course.check")


def _guarded(module: str, name: str, value: Any) -> bool:
    """Of libraries only what can be called: their other names change as they work, and so do our private ones."""
    return callable(value) or (_is_ours(module) and not name.startswith("_"))


def _parts(function: types.FunctionType) -> tuple[object, ...]:
    return function.__code__, function.__defaults__, id(function.__kwdefaults__)


def _children_left() -> bool:
    """Whether this process has a living child. Elsewhere than on POSIX the runner stops the whole tree at the end."""
    if not hasattr(os, "waitid"):
        return False
    if tracker := sys.modules.get("multiprocessing.resource_tracker"):
        tracker._resource_tracker._stop()  # it outlives every pool, by design
    try:
        while os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            os.waitpid(-1, os.WNOHANG)  # one that has ended
    except ChildProcessError:
        return False
    return True
