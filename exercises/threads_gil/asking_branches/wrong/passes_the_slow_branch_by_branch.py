# caught by: passes_the_slow
# says: 0 of its 6 are answered
"""Asking branches from many threads, with a limit for each of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Question = tuple[str, str]  # a branch and a title


def ask_all(questions: list[Question], ask: Callable[[str, str], Any], per_branch: int) -> list[Any]:
    """Return `[ask(branch, title) for branch, title in questions]`, up to `per_branch` calls at once for each branch.

    Raises what the first failed question raised, once every question has been asked.
    """
    calls: dict[int, Any] = {}
    for name in dict.fromkeys(branch for branch, _ in questions):
        with ThreadPoolExecutor(max_workers=per_branch) as pool:
            for place, (branch, title) in enumerate(questions):
                if branch == name:
                    calls[place] = pool.submit(ask, branch, title)
    return [calls[place].result() for place in range(len(questions))]
