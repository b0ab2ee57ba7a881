"""How two copies of a learner's progress become one, and what a reader sees of it.

What an epoch holds only grows, each field by a rule of its own that knows no order (the least, the greatest, or), so
merging can be repeated, reversed and regrouped, and loses nothing. A reset deletes nothing either: it hides what is
older when the document is looked at, so that undoing it brings all back. `web/progress/merge.mjs` does the same.
"""

from dataclasses import replace

from course.check.progress_model import Epoch, Epochs, Progress, Seen, Status, in_force


def merge(a: Progress, b: Progress) -> Progress:
    """Return what either document holds: commutative, associative, and merging again changes nothing."""
    return Progress({address: _merged_item(a.items.get(address, {}), b.items.get(address, {}))
                     for address in sorted({*a.items, *b.items})})


def _merged_item(a: Epochs, b: Epochs) -> Epochs:
    return {reset: _merged_epoch(a.get(reset, Epoch()), b.get(reset, Epoch())) for reset in sorted({*a, *b})}


def _merged_epoch(a: Epoch, b: Epoch) -> Epoch:
    last_passed, passed_hash = max((a.last_passed, a.hash), (b.last_passed, b.hash))
    missed, recovered = max((a.missed, a.recovered), (b.missed, b.recovered))
    newest = max(a, b, key=_age_of_text)
    return Epoch(started=_earliest(a.started, b.started), first_passed=_earliest(a.first_passed, b.first_passed),
                 last_passed=last_passed, hash=passed_hash, attempts=max(a.attempts, b.attempts),
                 hints=max(a.hints, b.hints), missed=missed, recovered=recovered, text=newest.text,
                 text_at=newest.text_at, revision=newest.revision, undone=a.undone or b.undone)


def _earliest(*times: str) -> str:
    return min(filter(None, times), default="")


def _age_of_text(epoch: Epoch) -> tuple[str, int, bytes]:
    """Order texts by time, then by number of changes; the text itself makes a tie end the same everywhere.

    It is compared as UTF-16, which is how JavaScript compares text.
    """
    return epoch.text_at, epoch.revision, epoch.text.encode("utf-16-be", "surrogatepass")


def seen(progress: Progress, address: str) -> Seen:
    """Return what to show of an address: what the reset in force does not hide."""
    epochs = progress.items.get(address, {})
    since = in_force(epochs)
    # Counts have no time of their own: those of epochs that began before the reset are hidden with them.
    counted = [epoch for reset, epoch in epochs.items() if reset >= since]
    attempts = max((epoch.attempts for epoch in counted), default=0)
    hints = max((epoch.hints for epoch in counted), default=0)
    # In an older epoch too something may be younger: another device went on without knowing of the reset.
    one = Epoch()
    for epoch in epochs.values():
        one = _merged_epoch(one, _younger(epoch, since))
    begun = bool(one.started or one.missed or one.text_at or attempts or hints)
    status: Status = "passed" if one.first_passed else "started" if begun else "new"
    return Seen(status, one.first_passed, one.last_passed, one.hash, attempts, hints, one.missed, one.recovered,
                one.text, one.text_at, since)


def _younger(epoch: Epoch, since: str) -> Epoch:
    """Return the epoch without what happened before `since`."""
    kept = epoch
    if epoch.started < since:
        kept = replace(kept, started="")
    if epoch.last_passed < since:
        kept = replace(kept, first_passed="", last_passed="", hash="")
    elif epoch.first_passed < since:  # the passes between are not known: the last one is
        kept = replace(kept, first_passed=epoch.last_passed)
    if epoch.missed < since:
        kept = replace(kept, missed="", recovered=0)
    if epoch.text_at < since:
        kept = replace(kept, text="", text_at="", revision=0)
    return kept
