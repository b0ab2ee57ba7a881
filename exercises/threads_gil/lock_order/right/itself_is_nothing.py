# A move to the same branch returns at once, without a look; acquire and release with finally.
"""Moving copies between branches, and taking stock of them, from many threads."""

import threading
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
    if source is target:
        return
    first, second = (source, target) if source.number < target.number else (target, source)
    first.lock.acquire()
    try:
        second.lock.acquire()
        try:
            if source.copies < copies:
                raise ValueError(f"{source.name} has {source.copies} copies, not {copies}")
            source.copies -= copies
            target.copies += copies
        finally:
            second.lock.release()
    finally:
        first.lock.release()


def stocktake(branches: list[Branch]) -> int:
    """Return how many copies these branches have together, at one moment."""
    once = sorted(set(branches), key=lambda branch: branch.number)
    for branch in once:
        branch.lock.acquire()
    try:
        return sum(branch.copies for branch in branches)
    finally:
        for branch in once:
            branch.lock.release()
