# caught by: keeps_order
# says: which is not to raise it
"""Asking branches from many threads, with a limit for each of them."""

import threading
from collections.abc import Callable
from typing import Any

Question = tuple[str, str]  # a branch and a title


def ask_all(questions: list[Question], ask: Callable[[str, str], Any], per_branch: int) -> list[Any]:
    """Return `[ask(branch, title) for branch, title in questions]`, up to `per_branch` calls at once for each branch.

    Raises what the first failed question raised, once every question has been asked.
    """
    places = {branch: threading.Semaphore(per_branch) for branch, _ in questions}
    answers: list[Any] = [None] * len(questions)

    def work(number: int, branch: str, title: str) -> None:
        with places[branch]:
            try:
                answers[number] = ask(branch, title)
            except BaseException as error:
                answers[number] = error

    threads = [threading.Thread(target=work, args=[number, *question]) for number, question in enumerate(questions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return answers
