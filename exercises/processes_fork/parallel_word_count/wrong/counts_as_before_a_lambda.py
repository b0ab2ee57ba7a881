# caught by: counts_as_before
# says: <lambda>
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
    size = -(-len(text) // number)  # rounded up
    found, start = [], 0
    while start < len(text):
        end = min(start + size, len(text))
        while end < len(text) and not text[end].isspace():
            end += 1
        found.append(text[start:end])
        start = end
    return found


def count_words(text: str, workers: int) -> Counter[str]:
    """Return what `count(text)` returns, counted by `workers` processes."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn) as pool:
        return sum(pool.map(lambda part: count(part), parts(text, workers)), Counter())
