"""Run a coroutine on a selector event loop of its own.

psycopg's async half needs such a loop (psycopg manual, "Concurrent operations"), and a kernel on Windows runs another.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

__all__ = ["run_async"]

T = TypeVar("T")


def run_async(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Call `main` in a thread of its own and await it on a selector loop; return what it returns, raise what it raises.

    It may be called where a loop runs already, as in a cell. What `main` opens it must close: a connection of one loop
    cannot be used in another.
    """
    def work() -> T:
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            return runner.run(main())

    with ThreadPoolExecutor(1, thread_name_prefix="selector loop") as pool:
        return pool.submit(work).result()
