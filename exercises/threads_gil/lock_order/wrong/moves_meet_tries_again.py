# caught by: moves_meet
# says: that is a livelock
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
    with locked([source, target]):
        if source.copies < copies:
            raise ValueError(f"{source.name} has {source.copies} copies, not {copies}")
        source.copies -= copies
        target.copies += copies


def stocktake(branches: list[Branch]) -> int:
    """Return how many copies these branches have together, at one moment."""
    with locked(branches):
        return sum(branch.copies for branch in branches)


def locked(branches: list[Branch]) -> ExitStack:
    """Take the lock of each branch once; who does not get one in time gives back the others and begins again."""
    once = list(dict.fromkeys(branches))
    while True:
        with ExitStack() as held:
            for branch in once:
                if not branch.lock.acquire(timeout=0.05):
                    break
                held.callback(branch.lock.release)
            else:
                return held.pop_all()
