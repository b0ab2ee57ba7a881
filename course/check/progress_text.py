"""Read and write the progress document as JSON, and say clearly what is not one.

`{"version": 1, "items": {address: {reset: {field: value}}}}`; a field that says nothing is left out.
"""

import json
from dataclasses import asdict, fields
from typing import Any

from course.check.progress_model import ADDRESS, TIMES, Epoch, Progress, is_time

VERSION = 1
LARGEST = 2**53 - 1  # the largest integer that JavaScript holds exactly
_DEFAULTS = {field.name: field.default for field in fields(Epoch)}
# A field means nothing without the one that says when.
_NEEDS = {"first_passed": "last_passed", "last_passed": "first_passed", "hash": "last_passed", "recovered": "missed",
          "text": "text_at", "text_at": "revision", "revision": "text_at"}
_HASH = set("0123456789abcdef")


class ProgressError(ValueError):
    """Text that is no progress document of this version; the message says where and why. Set it aside, keep it."""


def dump(progress: Progress) -> str:
    """Return the document as JSON, the same text for the same progress.

    Only ASCII: a text that was cut within a surrogate pair cannot be written in UTF-8, but is no reason to lose it.
    """
    items = {address: {reset: _said(epoch) for reset, epoch in sorted(epochs.items())}
             for address, epochs in sorted(progress.items.items())}
    return json.dumps({"version": VERSION, "items": items}, indent=1) + "\n"


def _said(epoch: Epoch) -> dict[str, Any]:
    return {name: value for name, value in asdict(epoch).items() if value != _DEFAULTS[name]}


def parse(text: str) -> Progress:
    """Read a document. Raises ProgressError for anything that `dump` could not have written.

    Unknown fields are refused, not carried along: their rule of merging is unknown here, so a merge would have to drop
    one side or guess. A new field means a new version, which this one names as such.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProgressError(f"not JSON ({error})") from None
    _demand(isinstance(data, dict), "the document", "must be an object")
    version = data.get("version")
    if type(version) is int and version > VERSION:
        raise ProgressError(f"written by a newer version of the course ({version}, this one reads {VERSION}): update "
                            "the course")
    _demand(type(version) is int and version == VERSION, "version", f"must be {VERSION}")
    _demand(data.keys() == {"version", "items"}, "the document", "must hold version and items, nothing else")
    _demand(isinstance(data["items"], dict), "items", "must be an object")
    return Progress({address: _item(address, epochs) for address, epochs in sorted(data["items"].items())})


def _demand(holds: bool, place: str, message: str) -> None:
    if not holds:
        raise ProgressError(f"{place} {message}")


def _item(address: str, epochs: Any) -> dict[str, Epoch]:
    place = f"items[{json.dumps(address)}]"
    _demand(bool(ADDRESS.fullmatch(address)), place, "is no address like lesson/exercise")
    _demand(isinstance(epochs, dict) and bool(epochs), place, "must be an object with at least one epoch")
    for reset in epochs:
        _demand(reset == "" or is_time(reset), place, f"has an epoch {reset!r}, which is no time")
    return {reset: _epoch(f"{place}[{json.dumps(reset)}]", reset, epoch) for reset, epoch in sorted(epochs.items())}


def _epoch(place: str, reset: str, data: Any) -> Epoch:
    _demand(isinstance(data, dict), place, "must be an object")
    for name, value in data.items():
        _demand(name in _DEFAULTS, place, f"has an unknown field {name!r}")
        _demand(type(value) is type(_DEFAULTS[name]), f"{place}.{name}",
                f"must be of type {type(_DEFAULTS[name]).__name__}")
        _demand(value != _DEFAULTS[name], f"{place}.{name}", "says nothing and must be left out")
        _field(f"{place}.{name}", name, value, reset)
        need = _NEEDS.get(name, name)
        _demand(need in data, f"{place}.{name}", f"needs {need}")
    _demand(data.get("first_passed", "") <= data.get("last_passed", ""), f"{place}.first_passed",
            "is later than last_passed")
    _demand(not data.get("undone") or reset != "", f"{place}.undone", "has no reset to undo")
    return Epoch(**data)


def _field(place: str, name: str, value: Any, reset: str) -> None:
    if name in TIMES:
        _demand(is_time(value), place, "must be a time like 2026-03-01T12:00:00Z")
        _demand(value >= reset, place, "lies before the reset of its epoch")
    elif name == "hash":
        _demand(set(value) <= _HASH, place, "must be hexadecimal digits in lower case")
    elif type(value) is int:
        _demand(0 < value <= LARGEST, place, f"must be between 1 and {LARGEST}")
