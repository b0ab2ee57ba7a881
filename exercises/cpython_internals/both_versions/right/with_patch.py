"""The same with unittest.mock, whose patch.dict puts a dict back."""

import copy
import importlib
import sys
from inspect import isbuiltin
from unittest.mock import patch


def without(name, *blocked):
    """Import a module anew."""
    with patch.dict(sys.modules):
        first = name.split(".")[0]
        for loaded in [one for one in sys.modules if one.split(".")[0] == first]:
            del sys.modules[loaded]
        for one in blocked:
            sys.modules[one] = None
        return importlib.import_module(name)


def in_c(module):
    """Name the functions in C."""
    public = (name for name in vars(module) if name[0] != "_")
    return sorted(name for name in public if isbuiltin(vars(module)[name]))


def differ(one, other, cases):
    """Compare."""
    found = []
    for name, arguments in cases:
        seen = []
        for module in (one, other):
            own = copy.deepcopy(arguments)
            try:
                result = getattr(module, name)(*own)
            except Exception as error:
                seen.append((False, (type(error).__module__, type(error).__name__), None, own))
            else:
                seen.append((True, type(result), result, own))
        if seen[0] != seen[1]:
            found.append((name, arguments))
    return found
