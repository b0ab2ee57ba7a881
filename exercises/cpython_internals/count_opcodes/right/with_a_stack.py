"""The same with a list of what is still to be counted."""

import collections
import dis
import types


def instructions(thing):
    """Return how often each instruction stands in a thing."""
    names = collections.Counter()
    todo = first(thing)
    while todo:
        code = todo.pop()
        todo.extend(constant for constant in code.co_consts if isinstance(constant, types.CodeType))
        names.update(instruction.opname for instruction in dis.Bytecode(code))
    return names


def first(thing):
    """Return what to begin with."""
    if isinstance(thing, types.CodeType):
        return [thing]
    if isinstance(thing, str):
        return [compile(thing, "<text>", "exec")]
    if isinstance(thing, type):
        parts = []
        for value in vars(thing).values():
            inner = [getattr(value, "__func__", value)]
            if isinstance(value, property):
                inner = [value.fget, value.fset, value.fdel]
            parts += [each.__code__ for each in inner if isinstance(each, types.FunctionType)]
        return parts
    if isinstance(thing, (types.FunctionType, types.MethodType)):
        return [thing.__code__]
    raise TypeError("no bytecode")
