# caught by: moves_what_is_there
# says: is stopped after it has given back the lock of Harbour
"""Moving copies between branches, and taking stock of them, from many threads."""

import threading
from contextlib import ExitStack
from dataclasses import dataclass, field


@dataclass(eq=False)
class Branch:
    """A branch of Shelf: a number of its own, a name, its copies, and the lock under which they change."""

    number: int
    name: str
    copies: int
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)


def move(source: Branch, target: Branch, copies: int) -> None:
    """Move copies from one branch to another. Raises ValueError when there are too few."""
    with source.lock:
        if source.copies < copies:
            raise ValueError(f"{source.name} has {source.copies} copies, not {copies}")
    with locked([source, target]):  # in the order of the numbers: the source may come second
        source.copies -= copies
        target.copies += copies


def stocktake(branches: list[Branch]) -> int:
    """Return how many copies these branches have together, at one moment."""
    with locked(branches):
        return sum(branch.copies for branch in branches)


def locked(branches: list[Branch]) -> ExitStack:
    """Take the lock of each branch once, lowest number first: the one order for the whole program."""
    by_number = {branch.number: branch for branch in branches}
    with ExitStack() as held:
        for number in sorted(by_number):
            held.enter_context(by_number[number].lock)
        return held.pop_all()  # the caller's `with` gives them back
