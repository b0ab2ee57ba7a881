# caught by: lets_others_through
# says: with which it shares no branch
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


moving = threading.Lock()


def move(source: Branch, target: Branch, copies: int) -> None:
    """Move copies from one branch to another. Raises ValueError when there are too few."""
    with moving, ExitStack() as held:  # only one at a time takes two locks
        for branch in {source, target}:
            held.enter_context(branch.lock)
        if source.copies < copies:
            raise ValueError(f"{source.name} has {source.copies} copies, not {copies}")
        source.copies -= copies
        target.copies += copies


def stocktake(branches: list[Branch]) -> int:
    """Return how many copies these branches have together, at one moment."""
    with moving:
        return sum(branch.copies for branch in branches)
