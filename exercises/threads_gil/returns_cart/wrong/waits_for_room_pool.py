# caught by: waits_for_room
# says: so it should stop at
"""A producer and a consumer with a bounded queue between them."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def shelve_returns(scans: Iterable[Any], shelve: Callable[[Any], object], room: int) -> int:
    """Shelve every scan in a thread of its own, at most `room` behind the scanner; return how many there were.

    Raises what `scans` or `shelve` raises. The thread has ended when this function ends, however it ends.
    """
    with ThreadPoolExecutor(max_workers=1) as clerk:
        calls = [clerk.submit(shelve, scan) for scan in scans]
    return len([call.result() for call in calls])
