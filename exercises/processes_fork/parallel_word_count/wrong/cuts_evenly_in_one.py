# caught by: cuts_evenly
# says: and then goes on to the end of a word
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
    return [text] if text else []


def count_words(text: str, workers: int) -> Counter[str]:
    """Return what `count(text)` returns, counted by `workers` processes."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn) as pool:
        return sum(pool.map(count, parts(text, workers)), Counter())
