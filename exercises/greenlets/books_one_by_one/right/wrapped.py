# What comes over is wrapped, so that the end can be told from a value.
"""A function that calls back, turned into an iterator; the function stays as it is."""

from collections.abc import Callable, Iterator
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet


def each(walk: Callable[..., Any], *arguments: Any) -> Iterator[Any]:
    """Give what `walk(*arguments, visit)` hands to its `visit`, one after the other."""
    reader: list[greenlet] = []

    def visit(value: Any) -> None:
        reader[0].switch(("value", value))

    def whole() -> None:
        answer = ("end", None)
        try:
            walk(*arguments, visit)
        except GreenletExit:
            pass
        except BaseException as error:
            answer = ("error", error)
        reader[0].switch(answer)

    walker = greenlet(whole)
    kind = "begin"
    try:
        while True:
            reader[:] = [getcurrent()]
            kind, value = walker.switch()
            if kind == "error":
                raise value
            if kind == "end":
                return
            yield value
    finally:
        if kind == "value":
            reader[:] = [getcurrent()]
            walker.throw()
