# caught by: takes_what_helps
# says: its client blocks
"""What eight works of Shelf are done with, and why."""

from typing import NamedTuple


class Choice(NamedTuple):
    """What to take, the reason, and how many times as fast eight threads would be."""

    take: str
    because: str
    eight_threads: int


choices: dict[str, Choice] = {
    "covers": Choice("asyncio", "it waits for many at once", 8),  # who waits does not need the GIL
    "fines": Choice("processes", "it computes in Python", 1),  # each process has a GIL of its own
    "checksums": Choice("threads", "it computes without the GIL", 4),  # there are four cores
    "notices": Choice("asyncio", "it waits for many at once", 8),  # 5,000 threads, each with a stack, to wait
    "titles": Choice("none", "it is too small", 1),  # handing one over takes longer than doing it
    "last_copy": Choice("none", "one lock lets one in", 1),  # make the part under the lock shorter instead
    "branches": Choice("asyncio", "it waits for many at once", 8),
    "similar": Choice("processes", "it computes in Python", 1),
}
