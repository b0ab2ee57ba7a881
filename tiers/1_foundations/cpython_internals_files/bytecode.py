"""Instructions in the words that Python 3.11 to 3.14 have in common."""

import dis
from collections.abc import Callable, Iterator
from typing import Any

GENERAL = ("BINARY_OP_ADAPTIVE", "BINARY_OP_EXTEND")  # the second: 3.14's, for pairs of unlike types


def listing(function: Callable[..., Any], warm: bool = False) -> list[str]:
    """Return the instructions of a function without branches, one line each.

    Each version of CPython has instructions of its own. Here two loads in one are written as two, a borrowed reference
    or a small number as any other, and what begins a function or prepares a call is left out. With `warm`, as the
    function runs now, specialised for what it has seen.
    """
    return [line for one in dis.get_instructions(function, adaptive=warm) for line in _lines(one)]


def _lines(one: dis.Instruction) -> Iterator[str]:
    name = one.opname.replace("_BORROW", "").replace("SMALL_INT", "CONST")
    if name.startswith("LOAD_FAST_LOAD_FAST"):  # since 3.13
        yield from (f"LOAD_FAST {each}" for each in one.argrepr.split(", "))
    elif name.startswith("LOAD_FAST__"):  # 3.11 and 3.12, warm: two in one step, the second is listed too
        yield f"LOAD_FAST {one.argrepr}"
    elif name.startswith("LOAD_CONST"):
        yield f"LOAD_CONST {one.argval!r}"
    elif not name.startswith("RESUME"):
        yield f"{'BINARY_OP' if name in GENERAL else name} {one.argrepr}".strip()
