# caught by: uses_the_limit
# says: 44 questions for Harbour, per_branch = 40
"""Asking branches from many threads, with a limit for each of them."""

import asyncio
from collections.abc import Callable
from typing import Any

Question = tuple[str, str]  # a branch and a title


def ask_all(questions: list[Question], ask: Callable[[str, str], Any], per_branch: int) -> list[Any]:
    """Return `[ask(branch, title) for branch, title in questions]`, up to `per_branch` calls at once for each branch.

    Raises what the first failed question raised, once every question has been asked.
    """
    async def ask_in_turns() -> list[Any]:
        places = {branch: asyncio.Semaphore(per_branch) for branch, _ in questions}

        async def ask_one(branch: str, title: str) -> Any:
            async with places[branch]:
                return await asyncio.to_thread(ask, branch, title)  # in the default pool, whatever its size

        return await asyncio.gather(*(ask_one(*question) for question in questions))

    return asyncio.run(ask_in_turns())
