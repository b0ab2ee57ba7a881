# caught by: works_side_by_side
# says: A walk goes over another one
"""A function that calls back, turned into an iterator; the function stays as it is."""

from collections.abc import Callable, Iterator
from typing import Any

from greenlet import getcurrent, greenlet

MAIN = getcurrent()


def each(walk: Callable[..., Any], *arguments: Any) -> Iterator[Any]:
    """Give what `walk(*arguments, visit)` hands to its `visit`, one after the other."""
    def visit(value: Any) -> None:
        walker.parent.switch(value)

    walker = greenlet(walk)
    given = (*arguments, visit)  # to the first switch; `visit` gets nothing
    try:
        while True:
            walker.parent = MAIN
            value = walker.switch(*given)
            if walker.dead:
                return
            given = ()
            yield value
    finally:
        if walker:  # it has begun, and not ended
            walker.parent = getcurrent()
            walker.throw()
