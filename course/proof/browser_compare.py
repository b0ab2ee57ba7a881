"""Compare what a cell shows in the page with what its notebook stores."""

import configparser
import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

COMPARED = ("text/plain", "text/html", "image/svg+xml")
DIFF_LINES = 24
# The page calls its cells by number, a kernel by files of its own: in tracebacks and in warnings both are places.
_CELL = re.compile(r'(?<=File ")Cell \d+(?=", line )|^Cell \d+(?=:\d+: )', re.MULTILINE)
KERNEL_FILE = "/tmp/ipykernel_1/1.py"
WINDOW = 40  # lines compared from the first difference on: difflib is quadratic


@dataclass(frozen=True)
class Shown:
    """The outputs of one cell: text by stream, data of each display by MIME type, the class of the error."""

    streams: Mapping[str, str] = field(default_factory=dict)
    displays: Sequence[Mapping[str, str]] = ()
    error: str | None = None
    traceback: str = ""


Sanitizer = Sequence[tuple[re.Pattern[str], str]]


def read_sanitizer(path: Path) -> Sanitizer:
    """Read an nbval sanitize file: sections with `regex` and `replace`, applied in order."""
    config = configparser.RawConfigParser()
    with path.open(encoding="utf-8") as file:
        config.read_file(file)
    return [(re.compile(config[name]["regex"]), config[name]["replace"]) for name in config.sections()]


def sanitize(text: str, sanitizer: Sanitizer) -> str:
    """Replace what varies by nature (addresses, paths of the kernel) with one word on both sides."""
    for pattern, replacement in sanitizer:
        text = pattern.sub(replacement, text)
    return text


def from_notebook(outputs: Sequence[Mapping[str, Any]]) -> Shown:
    """Read the stored outputs of a cell (nbformat 4)."""
    streams: dict[str, str] = {}
    displays, error = [], None
    for output in outputs:
        match output["output_type"]:
            case "stream":
                streams[output["name"]] = streams.get(output["name"], "") + output["text"]
            case "display_data" | "execute_result":
                displays.append(_compared(output["data"]))
            case "error":
                error = str(output["ename"])
    return Shown(streams, displays, error)


def from_worker(outputs: Sequence[Mapping[str, Any]]) -> Shown:
    """Read the messages of the worker about one cell (see `web/run/worker.mjs`)."""
    streams: dict[str, str] = {}
    displays, error, traceback = [], None, ""
    for output in outputs:
        match output["type"]:
            case "stream":
                streams[output["name"]] = streams.get(output["name"], "") + output["text"]
            case "display":
                displays.append(_compared(output["data"]))
            case "error":
                error, traceback = output["name"], output["traceback"]
    return Shown({name: _CELL.sub(KERNEL_FILE, text) for name, text in streams.items()}, displays, error, traceback)


def _compared(data: Mapping[str, Any]) -> dict[str, str]:
    return {mime: str(data[mime]) for mime in COMPARED if mime in data}


def differences(stored: Shown, shown: Shown, sanitizer: Sanitizer) -> list[str]:
    """Return one text for each difference; an empty list where the page shows what the notebook stores.

    Errors are compared by class alone: the page is on another Python, whose messages may differ.
    """
    found = [_error_difference(stored, shown)] if stored.error != shown.error else []
    for name in ("stdout", "stderr"):
        found += _text_difference(name, stored.streams.get(name, ""), shown.streams.get(name, ""), sanitizer)
    if len(stored.displays) != len(shown.displays):
        found.append(f"the notebook stores {len(stored.displays)} displays, the page shows {len(shown.displays)}")
    for left, right in zip(stored.displays, shown.displays, strict=False):
        for mime in COMPARED:
            found += _text_difference(mime, left.get(mime, ""), right.get(mime, ""), sanitizer)
    return found


def _error_difference(stored: Shown, shown: Shown) -> str:
    said = f"the notebook stores {stored.error or 'no error'}, the page raises {shown.error or 'none'}"
    return f"{said}\n{shown.traceback.rstrip()}" if shown.traceback else said


def _text_difference(what: str, stored: str, shown: str, sanitizer: Sanitizer) -> list[str]:
    left, right = sanitize(stored, sanitizer), sanitize(shown, sanitizer)
    if left == right:
        return []
    return [f"{what} differs\n" + "\n".join(_diff(left, right))]


def _diff(left: str, right: str) -> list[str]:
    """Return a short unified diff around the first difference."""
    a, b = left.splitlines(keepends=True), right.splitlines(keepends=True)
    same = next((i for i, pair in enumerate(zip(a, b, strict=False)) if pair[0] != pair[1]), min(len(a), len(b)))
    first = max(same - 1, 0)
    lines = difflib.unified_diff(a[first:first + WINDOW], b[first:first + WINDOW], "stored", "in the page",
                                 f"line {first + 1}", f"line {first + 1}", n=1, lineterm="")
    shown = [_visible(line) for line in islice(lines, DIFF_LINES + 1)]
    return shown if len(shown) <= DIFF_LINES else [*shown[:DIFF_LINES], "..."]


def _visible(line: str) -> str:
    """Show the end of a line where it is not a plain newline, since it may be the only difference."""
    if line.startswith(("---", "+++", "@@")):
        return line
    text = line[:-1] if line.endswith("\n") else f"{line} (no newline at the end)"
    return text[:200] + " ..." if len(text) > 200 else text
