"""Record what a program does as numbered events, so that a picture or a player can tell it again.

Time is logical: the step number orders the events, so a recording of the same run is the same on each machine.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Literal

Kind = Literal["enter", "exit", "point", "error", "send"]
VERSION = 1


@dataclass(frozen=True)
class Event:
    """One thing that happened: at `step` (1, 2, ...), in `lane`, called `name`.

    `enter` and `exit` open and close a stretch of the lane; `point` and `error` are single moments; `send` is a
    message to the lane `to`. `detail` says why or with what value; `state` holds named values after the event.
    """

    step: int
    lane: str
    name: str
    kind: Kind = "point"
    detail: str = ""
    state: dict[str, str] = field(default_factory=dict)
    to: str = ""


class Trace:
    """A recording: lanes in the order of their first event, and the events in the order they happened."""

    def __init__(self, title: str, lanes: tuple[str, ...] = ()) -> None:
        self.title = title
        self._lanes = list(lanes)
        self._events: list[Event] = []

    @property
    def events(self) -> tuple[Event, ...]:
        """The events so far, in order."""
        return tuple(self._events)

    @property
    def lanes(self) -> tuple[str, ...]:
        """The lanes: those declared first, then each where it first appears."""
        return tuple(self._lanes)

    @property
    def names(self) -> list[str]:
        """The names of the events in order: what a test compares."""
        return [event.name for event in self._events]

    def record(self, lane: str, name: str, kind: Kind = "point", detail: str = "", **state: object) -> None:
        """Append one event; the values of `state` are kept as text."""
        self._append(lane, name, kind, detail, state)

    def send(self, lane: str, to: str, name: str, detail: str = "", **state: object) -> None:
        """Append a message from `lane` to the lane `to`."""
        self._append(lane, name, "send", detail, state, to)

    def _append(self, lane: str, name: str, kind: Kind, detail: str, state: dict[str, object], to: str = "") -> None:
        self._lanes.extend(new for new in dict.fromkeys((lane, to)) if new and new not in self._lanes)
        shown = {key: str(value) for key, value in state.items()}
        self._events.append(Event(len(self._events) + 1, lane, name, kind, detail, shown, to))

    @contextmanager
    def span(self, lane: str, name: str, detail: str = "") -> Iterator[None]:
        """Record `name` as entered, and as left when the block ends, also by an exception."""
        self.record(lane, name, "enter", detail)
        try:
            yield
        finally:
            self.record(lane, name, "exit")

    def clear(self) -> None:
        """Forget the events, keep the title and the lanes."""
        self._events.clear()

    def __str__(self) -> str:
        """The names in one line: `+` begins, `-` ends, `!` is an error, `>` a message."""
        signs = {"enter": "+", "exit": "-", "error": "!", "point": "", "send": ">"}
        return " ".join(signs[event.kind] + event.name for event in self._events)

    def to_json(self, **more: object) -> str:
        """Return the recording as JSON: `{version, title, lanes, events: [{step, lane, name, kind, ...}]}`.

        `more` stands beside it: what else a picture of it shows.
        """
        events = [{key: value for key, value in asdict(event).items() if value not in ("", {})}
                  for event in self._events]
        return json.dumps({"version": VERSION, "title": self.title, "lanes": self._lanes, "events": events} | more,
                          ensure_ascii=False)


def from_json(text: str) -> Trace:
    """Read a recording back. Raises ValueError when it is not one of this version."""
    data = json.loads(text)
    if not isinstance(data, dict) or data.get("version") != VERSION:
        raise ValueError(f"not a recording of version {VERSION}: record it again with course.trace")
    trace = Trace(data["title"], tuple(data["lanes"]))
    trace._events.extend(Event(**event) for event in data["events"])
    return trace
