"""Words are counted in several processes at once."""

import multiprocessing
import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor


def count(text: str) -> Counter[str]:
    """Return how often each word stands in a text, in small letters."""
    return Counter(re.findall(r"[^\W_]+(?:['-][^\W_]+)*", text.lower()))


def parts(text: str, number: int) -> list[str]:
    """Cut a text into at most `number` parts of about the same length, none of them within a word."""
    found = []
    for left in range(number, 0, -1):
        size = -(-len(text) // left)
        space = re.compile(r"\s").search(text, size)
        end = space.start() if space and size else len(text)
        if text[:end]:
            found.append(text[:end])
        text = text[end:]
    return found


def count_words(text: str, workers: int) -> Counter[str]:
    """Return what `count(text)` returns, counted by `workers` processes."""
    counted: Counter[str] = Counter()
    with ProcessPoolExecutor(max_workers=workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        for future in [pool.submit(count, part) for part in parts(text, workers)]:
            counted.update(future.result())
    return counted
