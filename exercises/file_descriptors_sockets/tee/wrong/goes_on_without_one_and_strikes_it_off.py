# caught by: goes_on_without_one
# says: who closes the others now?
"""One descriptor is read, several are written."""

import os
import select


def tee(source: int, targets: list[int]) -> list[int]:
    """Copy what comes from `source` to each of `targets`; return how many bytes each took."""
    taken = [0] * len(targets)
    left = list(range(len(targets)))
    gone: list[int] = []
    while left and (data := os.read(source, 65_536)):
        for which in list(left):
            count = write_all(targets[which], data)
            taken[which] += count
            if count < len(data):
                left.remove(which)
                gone.append(targets[which])
    for target in gone:
        targets.remove(target)
    return taken


def write_all(target: int, data: bytes) -> int:
    """Write `data`, waiting for room; return how many bytes were taken before the reader went, or all."""
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(target, rest) :]
        except BlockingIOError:
            room = select.poll()
            room.register(target, select.POLLOUT)
            room.poll()
        except (BrokenPipeError, ConnectionResetError):
            break
    return len(data) - len(rest)
