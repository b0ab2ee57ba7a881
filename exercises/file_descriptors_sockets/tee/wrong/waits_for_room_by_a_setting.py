# caught by: waits_for_room
# says: `tee` has made it blocking
"""One descriptor is read, several are written."""

import os
import select


def tee(source: int, targets: list[int]) -> list[int]:
    """Copy what comes from `source` to each of `targets`; return how many bytes each took."""
    taken = [0] * len(targets)
    left = list(range(len(targets)))
    while left and (data := os.read(source, 65_536)):
        for which in list(left):
            count = write_all(targets[which], data)
            taken[which] += count
            if count < len(data):
                left.remove(which)
    return taken


def write_all(target: int, data: bytes) -> int:
    """Write `data`, waiting for room; return how many bytes were taken before the reader went, or all."""
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(target, rest) :]
        except BlockingIOError:
            os.set_blocking(target, True)
        except (BrokenPipeError, ConnectionResetError):
            break
    return len(data) - len(rest)
