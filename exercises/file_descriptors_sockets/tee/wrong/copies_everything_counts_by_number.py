# caught by: copies_everything
# says: the same target twice
"""One descriptor is read, several are written."""

import os
import select


def tee(source: int, targets: list[int]) -> list[int]:
    """Copy what comes from `source` to each of `targets`; return how many bytes each took."""
    taken = dict.fromkeys(targets, 0)
    left = list(range(len(targets)))
    while left and (data := os.read(source, 65_536)):
        for which in list(left):
            count = write_all(targets[which], data)
            taken[targets[which]] += count
            if count < len(data):
                left.remove(which)
    return [taken[target] for target in targets]


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
