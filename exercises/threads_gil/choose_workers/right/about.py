# "About 8" is 8.0.
"""What eight works of Shelf are done with, and why."""

from typing import NamedTuple


class Choice(NamedTuple):
    """What to take, the reason, and how many times as fast eight threads would be."""

    take: str
    because: str
    eight_threads: float


choices: dict[str, Choice] = {
    "covers": Choice("threads", "it waits and blocks", 8.0),
    "fines": Choice("processes", "it computes in Python", 1.0),
    "checksums": Choice("threads", "it computes without the GIL", 4.0),
    "notices": Choice("asyncio", "it waits for many at once", 8.0),
    "titles": Choice("none", "it is too small", 1.0),
    "last_copy": Choice("none", "one lock lets one in", 1.0),
    "branches": Choice("asyncio", "it waits for many at once", 8.0),
    "similar": Choice("processes", "it computes in Python", 1.0),
}
