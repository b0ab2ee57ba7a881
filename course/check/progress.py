"""A learner's progress: the document, what changes it, how copies merge. Pure: no clock, no file.

Each change takes the document, an address and the time, and returns a new document that holds everything the old one
did: merging the two gives the new one. The file is `progress_file`'s.
"""

from dataclasses import replace
from typing import Any

from course.check.progress_merge import merge, seen
from course.check.progress_model import (
    ADDRESS,
    TIMES,
    Epoch,
    Epochs,
    Progress,
    Seen,
    Status,
    after,
    in_force,
    is_time,
)
from course.check.progress_text import ProgressError, dump, parse

__all__ = ["Epoch", "Progress", "ProgressError", "Seen", "Status", "answered", "attempted", "dump", "edited",
           "hint_taken", "merge", "parse", "passed", "read", "reset", "seen", "undo_reset"]


def attempted(progress: Progress, address: str, at: str) -> Progress:
    """Record an attempt that did not pass."""
    now = _now(progress, address, at)
    return _changed(progress, address, at, attempts=now.attempts + 1, missed=after(at, now.missed), recovered=0)


def passed(progress: Progress, address: str, at: str, exercise_hash: str = "") -> Progress:
    """Record an attempt that passed; `exercise_hash` (hexadecimal) identifies the exercise as it is now."""
    now = _now(progress, address, at)
    recovered = {"missed": now.missed, "recovered": now.recovered + 1} if now.missed else {}
    return _passed(progress, address, at, exercise_hash, attempts=now.attempts + 1, **recovered)


def answered(progress: Progress, address: str, at: str, right: bool, answer: str = "") -> Progress:
    """Record the answer to a question; `answer` is kept as its text, to be shown again."""
    after_answer = passed(progress, address, at) if right else attempted(progress, address, at)
    return edited(after_answer, address, at, answer) if answer else after_answer


def read(progress: Progress, address: str, at: str) -> Progress:
    """Record that a page was read to its end."""
    return _passed(progress, address, at, "")


def hint_taken(progress: Progress, address: str, at: str, number: int) -> Progress:
    """Record that hint `number` (1, 2, 3) was shown; one that is shown again counts once."""
    return _changed(progress, address, at, hints=max(_now(progress, address, at).hints, number))


def edited(progress: Progress, address: str, at: str, text: str) -> Progress:
    """Keep the learner's text. The same text again changes nothing, its time neither."""
    now = _now(progress, address, at)
    if now.text_at and text == now.text:
        return progress
    revision = 1 + max((epoch.revision for epoch in progress.items.get(address, {}).values()), default=0)
    return _changed(progress, address, at, text=text, text_at=max(at, now.text_at), revision=revision)


def reset(progress: Progress, address: str, at: str) -> Progress:
    """Begin anew: hide all that is there. Nothing is deleted, so that it can be undone."""
    epochs = _epochs(progress, address, at)
    latest = max((time for name, epoch in epochs.items() for time in (name, *_times(epoch))), default="")
    return _with(progress, address, {**epochs, after(at, latest): Epoch()})


def undo_reset(progress: Progress, address: str, at: str) -> Progress:
    """Take back the reset in force, if there is one: what it hid is seen again, the hidden text as the newest."""
    epochs = _epochs(progress, address, at)
    since = in_force(epochs)
    if not since:
        return progress
    before = seen(_with(progress, address, {name: epoch for name, epoch in epochs.items() if name < since}), address)
    undone = _with(progress, address, {**epochs, since: replace(epochs[since], undone=True)})
    return edited(undone, address, at, before.text) if before.text_at else undone


def _passed(progress: Progress, address: str, at: str, exercise_hash: str, **others: Any) -> Progress:
    now = _now(progress, address, at)
    # Of two passes in one second that saw different exercises, the later must win.
    last = after(at, now.last_passed) if exercise_hash != now.hash else max(at, now.last_passed)
    return _changed(progress, address, at, first_passed=now.first_passed or at, last_passed=last, hash=exercise_hash,
                    **others)


def _changed(progress: Progress, address: str, at: str, **new: Any) -> Progress:
    """Write fields into the epoch in force. No time may lie before its reset, or the reset would hide it."""
    epochs = progress.items.get(address, {})
    since = in_force(epochs)
    epoch = epochs.get(since, Epoch())
    new["started"] = epoch.started or at
    for name in TIMES:
        if name in new:
            new[name] = max(new[name], since)
    return _with(progress, address, {**epochs, since: replace(epoch, **new)})


def _now(progress: Progress, address: str, at: str) -> Seen:
    _demand_form(address, at)
    return seen(progress, address)


def _epochs(progress: Progress, address: str, at: str) -> Epochs:
    _demand_form(address, at)
    return progress.items.get(address, {})


def _demand_form(address: str, at: str) -> None:
    """Raise ValueError for an address or a time in a form that no document may hold."""
    if not ADDRESS.fullmatch(address):
        raise ValueError(f"{address!r} is no address; give one like asyncio_coroutines/map_limited")
    if not is_time(at):
        raise ValueError(f"{at!r} is no time; give UTC with seconds like 2026-03-01T12:00:00Z")


def _with(progress: Progress, address: str, epochs: Epochs) -> Progress:
    return Progress({**progress.items, address: epochs})


def _times(epoch: Epoch) -> tuple[str, ...]:
    return tuple(getattr(epoch, name) for name in TIMES)
