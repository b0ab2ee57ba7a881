# caught by: takes_the_first_of_two
# says: answered 0 and then called answered(5)
"""An API of callbacks, made awaitable with a future."""

import asyncio
from collections.abc import Callable
from typing import Any


class Castle:
    """The old client, on a shelf in memory: it answers a little later."""

    def __init__(self, shelf: dict[str, int]) -> None:
        self.shelf, self.asked = shelf, 0

    def look_up(self, title: str, answered: Callable[[int], None], failed: Callable[[Exception], None]) -> int:
        """Call `answered(copies)` or `failed(error)` later; return a ticket."""
        loop = asyncio.get_running_loop()
        if title in self.shelf:
            loop.call_later(0.01, answered, self.shelf[title])
        else:
            loop.call_later(0.01, failed, LookupError(title))
        self.asked += 1
        return self.asked

    def withdraw(self, ticket: int) -> None:
        """Forget a request."""


async def copies_of(client: Any, title: str) -> int:
    """Return how many copies there are; raise what the client reports."""
    came = asyncio.Event()
    number, problem = None, None

    def answered(copies: int) -> None:
        nonlocal number
        if not number and not problem:
            number = copies
            came.set()

    def failed(error: Exception) -> None:
        nonlocal problem
        if not number and not problem:
            problem = error
            came.set()

    ticket = client.look_up(title, answered, failed)
    try:
        await came.wait()
    except asyncio.CancelledError:
        if not came.is_set():
            client.withdraw(ticket)
        raise
    if problem:
        raise problem
    return number
