# caught by: passes_the_slow
# says: are answered
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
        try:
            return ask(*question)
        finally:
            places[question[0]].release()

    calls = []
    with ThreadPoolExecutor(max_workers=len(questions) or 1) as pool:
        for question in questions:
            places[question[0]].acquire()  # not one thread more than there are places
            calls.append(pool.submit(ask_one, question))
    return [call.result() for call in calls]
