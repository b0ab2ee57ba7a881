"""What a learner's progress is: one document of addresses, each with what happened since each reset.

The document maps an address (`lesson/exercise`, `lesson/quiz/question`, or `lesson` for a page that was read) to
epochs. An epoch begins with a reset, and is named by its time; the first one, before any reset, is named "".

Times are UTC, ISO 8601 with seconds, `2026-03-01T12:00:00Z`: their order as text is their order in time. They are
handed in by the caller, never read from a clock.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

Status = Literal["new", "started", "passed"]
ADDRESS = re.compile(r"[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*){0,3}")
TIMES = ("started", "first_passed", "last_passed", "missed", "text_at")  # the fields of Epoch that hold a time
_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_SHAPE = re.compile(r"2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


@dataclass(frozen=True)
class Epoch:
    """What happened at one address since one reset; empty text means never, or nothing.

    `missed` is the latest attempt that failed, `recovered` how many passed since: what decides when a question comes
    back. `revision` counts the changes of `text`: seconds are too coarse to tell two keystrokes apart.
    """

    started: str = ""
    first_passed: str = ""
    last_passed: str = ""
    hash: str = ""  # of the exercise as it was at `last_passed`
    attempts: int = 0
    hints: int = 0
    missed: str = ""
    recovered: int = 0
    text: str = ""
    text_at: str = ""
    revision: int = 0
    undone: bool = False  # the reset that began this epoch was taken back


Epochs = Mapping[str, Epoch]


@dataclass(frozen=True)
class Progress:
    """The document: from address to the epochs, and from the time of a reset to what came after it."""

    items: Mapping[str, Epochs] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """What a reader is shown of one address; empty text means never, or nothing.

    `hash` is that of the exercise when it was last passed: another one today means that it changed since. `text_at` is
    empty when there is no text of the learner's, and the starter is to be shown. `reset` is the time of the reset in
    force, which can be undone. The status of a question answered wrong is `started`, with `missed`.
    """

    status: Status = "new"
    first_passed: str = ""
    last_passed: str = ""
    hash: str = ""
    attempts: int = 0
    hints: int = 0
    missed: str = ""
    recovered: int = 0
    text: str = ""
    text_at: str = ""
    reset: str = ""


def is_time(text: str) -> bool:
    """Say whether `text` is a time in the document's form, of the years 2000 to 2999."""
    if not _SHAPE.fullmatch(text):
        return False
    try:
        datetime.strptime(text, _FORMAT)
    except ValueError:
        return False
    return True


def after(at: str, earlier: str) -> str:
    """Return `at`, or the second after `earlier` when `at` is not later: clocks may stand behind one another."""
    if at > earlier:
        return at
    return (datetime.strptime(earlier, _FORMAT).replace(tzinfo=UTC) + timedelta(seconds=1)).strftime(_FORMAT)


def in_force(epochs: Epochs) -> str:
    """Return the time of the latest reset that was not undone; empty when there is none."""
    return max((reset for reset, epoch in epochs.items() if not epoch.undone), default="")
