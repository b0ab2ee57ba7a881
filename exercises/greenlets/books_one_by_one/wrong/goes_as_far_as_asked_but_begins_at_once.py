# caught by: goes_as_far_as_asked
# says: each(walk) was called, and `next` was not
"""A function that calls back, turned into an iterator; the function stays as it is."""

from collections.abc import Callable, Iterator
from typing import Any

from greenlet import getcurrent, greenlet


def each(walk: Callable[..., Any], *arguments: Any) -> Iterator[Any]:
    """Give what `walk(*arguments, visit)` hands to its `visit`, one after the other."""
    def visit(value):
        walker.parent.switch(value)

    walker = greenlet(walk)
    value = walker.switch(*arguments, visit)

    def books():
        nonlocal value
        try:
            while not walker.dead:
                yield value
                walker.parent = getcurrent()
                value = walker.switch()
        finally:
            if walker:
                walker.throw()

    return books()
