# A pool of one thread, and a semaphore for the places: one in hand, the others on the cart.
"""A producer and a consumer with a bounded queue between them."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any


def shelve_returns(scans: Iterable[Any], shelve: Callable[[Any], object], room: int) -> int:
    """Shelve every scan in a thread of its own, at most `room` behind the scanner; return how many there were.

    Raises what `scans` or `shelve` raises. The thread has ended when this function ends, however it ends.
    """
    places = threading.Semaphore(room + 1)
    failed = threading.Event()
    calls: list[Future[None]] = []

    def work(scan: Any) -> None:
        try:
            if not failed.is_set():
                shelve(scan)
        except BaseException:
            failed.set()
            raise
        finally:
            places.release()

    with ThreadPoolExecutor(max_workers=1) as clerk:
        for scan in scans:
            places.acquire()
            if failed.is_set():
                break
            calls.append(clerk.submit(work, scan))
    for call in calls:
        call.result()
    return len(calls)
