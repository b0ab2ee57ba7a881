# caught by: passes_errors
# says: StopIteration is raised
"""A function that calls back, turned into an iterator; the function stays as it is."""

from collections.abc import Callable, Iterator
from typing import Any

from greenlet import getcurrent, greenlet


def each(walk: Callable[..., Any], *arguments: Any) -> Iterator[Any]:
    """Give what `walk(*arguments, visit)` hands to its `visit`, one after the other."""
    def visit(value: Any) -> None:
        walker.parent.switch(value)

    def whole(*given: Any) -> None:
        try:
            walk(*given)
        except Exception as error:
            errors.append(error)
        except BaseException:
            pass

    errors: list[Exception] = []
    walker = greenlet(whole)
    given = (*arguments, visit)  # to the first switch; `visit` gets nothing
    try:
        while True:
            walker.parent = getcurrent()  # whoever asks now
            value = walker.switch(*given)
            if errors:
                raise errors.pop()
            if walker.dead:
                return
            given = ()
            yield value
    finally:
        if walker:  # it has begun, and not ended
            walker.parent = getcurrent()
            walker.throw()
