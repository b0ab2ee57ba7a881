# caught by: asks_all_the_same
# says: ask_all
"""Asking branches from many threads, with a limit for each of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

Question = tuple[str, str]  # a branch and a title


def ask_all(questions: list[Question], ask: Callable[[str, str], Any], per_branch: int) -> list[Any]:
    """Return `[ask(branch, title) for branch, title in questions]`, up to `per_branch` calls at once for each branch.

    Raises what the first failed question raised, once every question has been asked.
    """
    with ExitStack() as pools:  # its end waits for all calls, and ends the threads
        pool_of = {branch: pools.enter_context(ThreadPoolExecutor(max_workers=per_branch))
                   for branch in {branch for branch, _ in questions}}
        calls = [pool_of[branch].submit(ask, branch, title) for branch, title in questions]
    return [None if call.exception() else call.result() for call in calls]
