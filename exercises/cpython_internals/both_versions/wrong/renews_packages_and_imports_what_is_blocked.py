# caught by: renews_packages
# says: a part that json needs
"""Standard modules in their two versions."""

import copy
import importlib
import sys
from collections.abc import Iterable
from types import BuiltinFunctionType, ModuleType
from typing import Any

Case = tuple[str, tuple[Any, ...]]


def without(name: str, *blocked: str) -> ModuleType:
    """Import a module anew as if those `blocked` did not exist. Raises ImportError when it cannot do without."""
    before = dict(sys.modules)
    package = name.partition(".")[0]
    try:
        sys.modules.update(dict.fromkeys(blocked))
        for loaded in before:
            if loaded == package or loaded.startswith(f"{package}."):
                del sys.modules[loaded]
        return importlib.import_module(name)
    finally:
        for added in set(sys.modules) - set(before):
            del sys.modules[added]
        sys.modules.update(before)


def in_c(module: ModuleType) -> list[str]:
    """Return the sorted names of a module's public functions that are written in C."""
    return sorted(name for name, value in vars(module).items()
                  if isinstance(value, BuiltinFunctionType) and not name.startswith("_"))


def differ(one: ModuleType, other: ModuleType, cases: Iterable[Case]) -> list[Case]:
    """Return the cases in which functions of two modules do not do the same."""
    return [case for case in cases if outcome(one, *case) != outcome(other, *case)]


def outcome(module: ModuleType, name: str, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the kind and value of a result, or the kind of an exception, and what the arguments have become."""
    given = copy.deepcopy(arguments)
    try:
        value = getattr(module, name)(*given)
    except Exception as error:
        return "raises", type(error).__module__, type(error).__qualname__, given
    return "returns", type(value), value, given
