"""Words are counted in several processes at once."""

import multiprocessing
import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise


def count(text: str) -> Counter[str]:
    """Return how often each word stands in a text, in small letters."""
    return Counter(re.findall(r"[^\W_]+(?:['-][^\W_]+)*", text.lower()))


def parts(text: str, number: int) -> list[str]:
    """Cut a text into at most `number` parts of about the same length; blanks go with the word before."""
    places = [0]
    for which in range(1, number):
        place = max(places[-1], len(text) * which // number)
        found = re.compile(r"\s+|$").search(text, place)
        assert found
        places.append(found.end())
    places.append(len(text))
    return [text[a:b] for a, b in pairwise(places) if a < b]


def count_words(text: str, workers: int) -> Counter[str]:
    """Return what `count(text)` returns, counted by `workers` processes."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn) as pool:
        return sum(pool.map(count, parts(text, workers)), Counter())
