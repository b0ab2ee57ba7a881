# caught by: asks_all_the_same
# says: `ask` raises SystemExit for the very first one
"""Asking branches from many threads, with a limit for each of them."""

import queue
import threading
from collections.abc import Callable
from typing import Any

Question = tuple[str, str]  # a branch and a title


def ask_all(questions: list[Question], ask: Callable[[str, str], Any], per_branch: int) -> list[Any]:
    """Return `[ask(branch, title) for branch, title in questions]`, up to `per_branch` calls at once for each branch.

    Raises what the first failed question raised, once every question has been asked.
    """
    waiting: dict[str, queue.SimpleQueue[int]] = {}
    for place, (branch, _) in enumerate(questions):
        waiting.setdefault(branch, queue.SimpleQueue()).put(place)
    answers: list[Any] = [None] * len(questions)
    errors: dict[int, Exception] = {}

    def work(places: queue.SimpleQueue[int]) -> None:
        while True:
            try:
                place = places.get_nowait()
            except queue.Empty:
                return
            try:
                answers[place] = ask(*questions[place])
            except Exception as error:
                errors[place] = error

    threads = [threading.Thread(target=work, args=[places]) for places in waiting.values() for _ in range(per_branch)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[min(errors)]
    return answers
