# caught by: uses_the_limit
# says: 3 calls have begun, one has been answered
"""Asking branches from many threads, with a limit for each of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Question = tuple[str, str]  # a branch and a title


def ask_all(questions: list[Question], ask: Callable[[str, str], Any], per_branch: int) -> list[Any]:
    """Return `[ask(branch, title) for branch, title in questions]`, up to `per_branch` calls at once for each branch.

    Raises what the first failed question raised, once every question has been asked.
    """
    by_branch: dict[str, list[int]] = {}
    for place, (branch, _) in enumerate(questions):
        by_branch.setdefault(branch, []).append(place)
    calls: dict[int, Any] = {}

    def ask_branch(places: list[int]) -> None:
        while places:
            batch, places = places[:per_branch], places[per_branch:]
            with ThreadPoolExecutor(max_workers=per_branch) as pool:  # waits for the whole batch
                for place in batch:
                    calls[place] = pool.submit(ask, *questions[place])

    with ThreadPoolExecutor(max_workers=len(by_branch) or 1) as pool:
        list(pool.map(ask_branch, by_branch.values()))
    return [calls[place].result() for place in range(len(questions))]
