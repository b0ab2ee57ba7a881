"""Comparing what an answer gives with what is wanted, so that no method of the answer's objects decides it."""

from typing import Any

PLAIN = (str, int, float, complex, bool, bytes, type(None))
LONGEST = 400  # characters of a value that are shown


def difference(got: Any, want: Any, place: str = "") -> str | None:
    """Say where `got` differs from `want`, or return None when they are the same.

    Types are compared before values: `True` is not `1`, and an object that calls itself equal to everything is equal
    to nothing. Lists, tuples, dicts, sets and frozensets are compared part by part in the same way.
    """
    if type(got) is not type(want):
        return f"{place or 'it'} is of type {_type_name(got)}, not {_type_name(want)}"
    if isinstance(want, list | tuple):
        return _sequences(got, want, place)
    if isinstance(want, dict):
        return _dicts(got, want, place)
    if isinstance(want, set | frozenset):
        return None if _same_members(got, want) else f"{place or 'it'} has other members"
    return None if got is want or bool(want == got) else f"{place or 'it'} has another value"


def _sequences(got: Any, want: Any, place: str) -> str | None:
    for index, (one, other) in enumerate(zip(got, want, strict=False)):
        if found := difference(one, other, f"{place}[{index}]"):
            return found
    count = f"{len(got)} item{'' if len(got) == 1 else 's'}"
    return None if len(got) == len(want) else f"{place or 'it'} has {count}, not {len(want)}"


def _dicts(got: dict[Any, Any], want: dict[Any, Any], place: str) -> str | None:
    if not _same_members(got, want):
        return f"{place or 'it'} has other keys"
    return next((found for key in want if (found := difference(got[key], want[key], f"{place}[{shown(key)}]"))), None)


def _same_members(got: Any, want: Any) -> bool:
    """Compare sets, or keys, without asking foreign objects: plain values by type and value, all others one by one."""
    if len(got) != len(want):
        return False
    if all(type(member) in PLAIN for member in (*got, *want)):
        return {(type(member), member) for member in got} == {(type(member), member) for member in want}
    return all(any(difference(one, other) is None for one in got) for other in want)


def _type_name(value: Any) -> str:
    return type(value).__qualname__


def shown(value: Any) -> str:
    """Return `repr(value)`, shortened; a `__repr__` that raises or returns no text is described instead."""
    try:
        text = repr(value)
    except BaseException as error:
        return f"<{_type_name(value)} whose __repr__ raises {type(error).__name__}>"
    return text if len(text) <= LONGEST else f"{text[:LONGEST - 60]} ... ({len(text)} characters)"
