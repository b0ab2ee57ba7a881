# caught by: respects_the_limit
# says: 8 questions for Harbour and 8 for Castle
"""Asking branches from many threads, with a limit for each of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Question = tuple[str, str]  # a branch and a title


def ask_all(questions: list[Question], ask: Callable[[str, str], Any], per_branch: int) -> list[Any]:
    """Return `[ask(branch, title) for branch, title in questions]`, up to `per_branch` calls at once for each branch.

    Raises what the first failed question raised, once every question has been asked.
    """
    with ThreadPoolExecutor(max_workers=per_branch * len(set(questions)) or 1) as pool:
        calls = [pool.submit(ask, branch, title) for branch, title in questions]
    return [call.result() for call in calls]
