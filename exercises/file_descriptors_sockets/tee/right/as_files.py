"""One descriptor is read, several are written."""

import os
import select


def tee(source: int, targets: list[int]) -> list[int]:
    """Copy what comes from `source` to each of `targets`; return how many bytes each took."""
    taken = dict.fromkeys(range(len(targets)), 0)
    gone: set[int] = set()
    while len(gone) < len(targets):
        data = os.read(source, 1000)
        if not data:
            break
        for which in taken.keys() - gone:
            count = write_all(targets[which], data)
            taken[which] += count
            gone |= {which} if count < len(data) else set()
    return list(taken.values())


def write_all(target: int, data: bytes) -> int:
    """Write `data`, waiting for room; return how many bytes were taken before the reader went, or all."""
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(target, rest) :]
        except BlockingIOError:
            select.select([], [target], [])
        except (BrokenPipeError, ConnectionResetError):
            break
    return len(data) - len(rest)
