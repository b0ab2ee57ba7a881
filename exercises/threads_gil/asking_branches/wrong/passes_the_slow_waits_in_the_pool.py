# caught by: passes_the_slow
# says: 0 of its 6 are answered
"""Asking branches from many threads, with a limit for each of them."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Question = tuple[str, str]  # a branch and a title


def ask_all(questions: list[Question], ask: Callable[[str, str], Any], per_branch: int) -> list[Any]:
    """Return `[ask(branch, title) for branch, title in questions]`, up to `per_branch` calls at once for each branch.

    Raises what the first failed question raised, once every question has been asked.
    """
    places = {branch: threading.Semaphore(per_branch) for branch, _ in questions}

    def ask_one(question: Question) -> Any:
        with places[question[0]]:
            return ask(*question)

    with ThreadPoolExecutor(max_workers=128) as pool:
        calls = [pool.submit(ask_one, question) for question in questions]
    return [call.result() for call in calls]
