# caught by: works_side_by_side
# says: Two shelves with two books each
"""A function that calls back, turned into an iterator; the function stays as it is."""

from collections.abc import Callable, Iterator
from typing import Any

from greenlet import getcurrent, greenlet


walkers: list[greenlet] = []


def visit(value: Any) -> None:
    walkers[-1].parent.switch(value)


def each(walk: Callable[..., Any], *arguments: Any) -> Iterator[Any]:
    """Give what `walk(*arguments, visit)` hands to its `visit`, one after the other."""
    walkers.append(greenlet(walk))
    given = (*arguments, visit)
    try:
        while True:
            walkers[-1].parent = getcurrent()
            value = walkers[-1].switch(*given)
            if walkers[-1].dead:
                return
            given = ()
            yield value
    finally:
        if walkers[-1]:
            walkers[-1].throw()
        walkers.pop()
