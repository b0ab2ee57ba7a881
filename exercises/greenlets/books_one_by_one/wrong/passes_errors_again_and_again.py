# caught by: passes_errors
# says: and has raised it
"""A function that calls back, turned into an iterator; the function stays as it is."""

from collections.abc import Callable, Iterator
from typing import Any

from greenlet import getcurrent, greenlet


class Books:
    def __init__(self, walk, arguments):
        self.error = None

        def whole():
            try:
                walk(*arguments, self.visit)
            except BaseException as error:
                self.error = error

        self.walker = greenlet(whole)

    def visit(self, value):
        self.walker.parent.switch(value)

    def __iter__(self):
        return self

    def __next__(self):
        if not self.walker.dead:
            self.walker.parent = getcurrent()
            value = self.walker.switch()
        if self.error:
            raise self.error
        if self.walker.dead:
            raise StopIteration
        return value

    def close(self):
        if self.walker:
            self.walker.throw()


def each(walk: Callable[..., Any], *arguments: Any) -> Books:
    """Give what `walk(*arguments, visit)` hands to its `visit`, one after the other."""
    return Books(walk, arguments)
