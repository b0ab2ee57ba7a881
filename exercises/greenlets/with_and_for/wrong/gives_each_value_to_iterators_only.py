# caught by: gives_each_value
# says: no iterator itself
"""The bridge from plain code to async code, with `with` and `for`."""

from collections.abc import AsyncIterable, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any

from greenlet import getcurrent, greenlet


class Inside(greenlet):
    """Runs plain code for `greenlet_spawn`."""


def await_only(awaitable: Awaitable[Any]) -> Any:
    """Wait for it, in a plain function."""
    current = getcurrent()
    if not isinstance(current, Inside):
        if hasattr(awaitable, "close"):
            awaitable.close()
        raise RuntimeError("await_only: nobody here can await")
    return current.parent.switch(awaitable)


async def greenlet_spawn(function: Callable[..., Any], *args: Any) -> Any:
    """Run plain code, and await for it what it asks for."""
    inside = Inside(function)
    inside.gr_context = getcurrent().gr_context
    asked = inside.switch(*args)
    while not inside.dead:
        try:
            answer = await asked
        except BaseException as error:
            asked = inside.throw(error)
        else:
            asked = inside.switch(answer)
    return asked


@contextmanager
def using(manager: AbstractAsyncContextManager[Any]) -> Iterator[Any]:
    """Make an async context manager one for plain code."""
    value = await_only(manager.__aenter__())
    try:
        yield value
    except BaseException as error:
        if not await_only(manager.__aexit__(type(error), error, error.__traceback__)):
            raise
    else:
        await_only(manager.__aexit__(None, None, None))


def each(source: AsyncIterable[Any]) -> Iterator[Any]:
    """Give the values of an async iterable, one after the other, to plain code."""
    iterator: Any = source
    try:
        while True:
            try:
                value = await_only(anext(iterator))
            except StopAsyncIteration:
                return
            yield value
    finally:
        if hasattr(iterator, "aclose"):
            await_only(iterator.aclose())
