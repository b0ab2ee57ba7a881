# caught by: counts_classes
# says: under two names
"""Counting the instructions of anything that has some."""

import dis
from collections import Counter
from collections.abc import Iterator
from types import CodeType


def instructions(thing: object) -> Counter[str]:
    """Return how often each instruction stands in a function, method, class, code object or program text.

    Raises TypeError where there is no bytecode.
    """
    found: Counter[str] = Counter()
    for code in codes(thing):
        found += Counter(one.opname for one in dis.get_instructions(code))
        for inner in code.co_consts:
            if isinstance(inner, CodeType):
                found += instructions(inner)
    return found


def codes(thing: object) -> Iterator[CodeType]:
    """Yield the code objects that a thing has itself."""
    match thing:
        case CodeType():
            yield thing
        case str():
            yield compile(thing, "text", "exec")
        case type():
            found = [code for value in vars(thing).values() for each in functions(value) for code in codes(each)]
            yield from dict.fromkeys(found)
        case _ if isinstance(code := getattr(thing, "__code__", None), CodeType):
            yield code
        case _:
            raise TypeError(f"{thing!r} has no bytecode")


def functions(value: object) -> Iterator[object]:
    """Yield the functions in an entry of a class."""
    if isinstance(value, property):
        yield from (each for each in (value.fget, value.fset, value.fdel) if each is not None)
    elif isinstance(value, (staticmethod, classmethod)):
        yield value.__func__
    elif isinstance(getattr(value, "__code__", None), CodeType):
        yield value
