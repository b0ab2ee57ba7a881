# caught by: gives_the_books
# says: Six times next(books)
"""A function that calls back, turned into an iterator; the function stays as it is."""

from collections.abc import Callable, Iterator
from typing import Any

from greenlet import getcurrent, greenlet


def each(walk: Callable[..., Any], *arguments: Any) -> Iterator[Any]:
    """Give what `walk(*arguments, visit)` hands to its `visit`, one after the other."""
    def visit(value):
        yield value

    walk(*arguments, visit)
    yield from ()
