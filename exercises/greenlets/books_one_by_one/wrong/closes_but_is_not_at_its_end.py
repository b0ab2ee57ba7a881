# caught by: closes
# says: asked three times more
"""A function that calls back, turned into an iterator; the function stays as it is."""

from collections.abc import Callable, Iterator
from typing import Any

from greenlet import getcurrent, greenlet


class Books:
    def __init__(self, walk, arguments):
        self.arguments = (*arguments, self.visit)
        self.walk = walk
        self.walker = greenlet(walk)
        self.begun = False

    def visit(self, value):
        self.walker.parent.switch(value)

    def __iter__(self):
        return self

    def __next__(self):
        if self.walker.dead:
            raise StopIteration
        self.walker.parent = getcurrent()
        value = self.walker.switch() if self.begun else self.walker.switch(*self.arguments)
        self.begun = True
        if self.walker.dead:
            raise StopIteration
        return value

    def close(self):
        if self.begun and not self.walker.dead:
            self.walker.parent = getcurrent()
            self.walker.throw()

    def __del__(self):
        self.close()


def each(walk: Callable[..., Any], *arguments: Any) -> Books:
    """Give what `walk(*arguments, visit)` hands to its `visit`, one after the other."""
    return Books(walk, arguments)
