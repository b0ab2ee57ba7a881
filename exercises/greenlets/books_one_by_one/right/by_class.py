# An iterator class, and values in an attribute.
"""A function that calls back, turned into an iterator; the function stays as it is."""

from collections.abc import Callable
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet


class Books:
    """The books of one walk."""

    def __init__(self, walk: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self.state: dict[str, Any] = {}
        self.walker = self.begun(walk, arguments, self.state)

    @staticmethod
    def begun(walk: Callable[..., Any], arguments: tuple[Any, ...], state: dict[str, Any]) -> greenlet:
        """Return a greenlet that knows the state, and not the iterator, which so can be dropped."""
        def visit(value: Any) -> None:
            state["value"] = value
            state["reader"].switch()

        return greenlet(lambda: walk(*arguments, visit))

    def __iter__(self) -> "Books":
        return self

    def __next__(self) -> Any:
        if self.walker.dead:
            raise StopIteration
        self.state["reader"] = self.walker.parent = getcurrent()
        self.walker.switch()
        if self.walker.dead:
            raise StopIteration
        return self.state.pop("value")

    def close(self) -> None:
        """End the walk."""
        if not self.walker.dead:
            self.walker.parent = getcurrent()
            self.walker.throw(GreenletExit)

    def __del__(self) -> None:
        self.close()


def each(walk: Callable[..., Any], *arguments: Any) -> Books:
    """Give what `walk(*arguments, visit)` hands to its `visit`, one after the other."""
    return Books(walk, arguments)
