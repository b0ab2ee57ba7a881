"""Octets: what the bytes of a message are. A row holds eight of one part, so that the picture fits a phone."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

import drawsvg

from course.figures.canvas import Figure, colour, finish, moment, sheet, text_width
from course.trace import Trace

ACROSS, MOST = 8, 4  # bytes in a row, and rows of a part: of a longer one the first are shown
ROW, TOP, LEFT, CELL, GAP = 24, 14, 16, 9, 18  # CELL: the width of a character, the same in every font
_MONO = "ui-monospace,'Cascadia Mono','DejaVu Sans Mono',Menlo,Consolas,monospace"
_SIGNS = {0x20: ("\u2423", "space"), 0x0D: ("\u2190", r"\r"), 0x0A: ("\u2193", r"\n"), 0x09: ("\u2192", r"\t")}
_OTHER = "\u00b7"

Part = tuple[str, bytes]


def octets(parts: Sequence[Part], title: str) -> Figure:
    """Draw the bytes of `parts`, each `(its name, its bytes)`, in their order: hexadecimal, and as ASCII beside it.

    Spaces and line ends have signs, which the last line explains; bytes that are no character of ASCII are dots. The
    page's player steps from part to part. Raises ValueError when there is no part, or one without bytes.
    """
    if not parts or not all(data for _, data in parts):
        raise ValueError(f"the bytes of '{title}' need at least one part, and none that is empty")
    names = round(LEFT + max(text_width(name, bold=True) for name, _ in parts) + GAP)
    ascii_at = names + (3 * ACROSS - 1) * CELL + GAP
    heights = [ROW * len(_rows(data)) + 8 for _, data in parts]
    *tops, bottom = accumulate(heights, initial=TOP)
    signs = _signs(b"".join(data for _, data in parts))
    drawing = sheet(ascii_at + ACROSS * CELL + LEFT, bottom + (30 if signs else 6), title)
    drawing.append(drawsvg.Text(signs, None, LEFT, bottom + 14, class_="muted"))
    for number, ((name, data), y) in enumerate(zip(parts, tops, strict=True)):
        part = moment(drawing, [number + 1])
        part.append_title(f"{name}: {_place(parts, number)}")
        part.append(drawsvg.Rectangle(LEFT - 8, y + 2, 4, heights[number] - 8, class_=f"fill-{colour(number)}"))
        part.append(drawsvg.Text(name, None, LEFT, y + 18, class_="strong"))
        for row, (coded, shown) in enumerate(_rows(data)):
            part.append(_written(coded, names, y + 18 + ROW * row, f"fill-{colour(number)}"))
            part.append(_written(shown, ascii_at, y + 18 + ROW * row, ""))
    trace = _trace(parts, title)
    return finish(drawing, title, _describe(trace), trace.to_json())


def _rows(data: bytes) -> list[tuple[str, str]]:
    """Return the rows of a part as (hexadecimal, ASCII); the last one says how many bytes are left out."""
    rows = [data[start:start + ACROSS] for start in range(0, len(data), ACROSS)]
    shown = [(row.hex(" "), "".join(map(_character, row))) for row in rows[:MOST]]
    left = len(data) - MOST * ACROSS
    return shown + ([(f"and {left} more", "")] if left > 0 else [])


def _character(byte: int) -> str:
    if byte in _SIGNS:
        return _SIGNS[byte][0]
    return chr(byte) if 32 < byte < 127 else _OTHER


def _signs(data: bytes) -> str:
    """Return what the signs among the characters stand for."""
    return ", ".join(f"{sign} {words}" for byte, (sign, words) in _SIGNS.items() if byte in data)


def _written(text: str, x: float, y: float, shade: str) -> drawsvg.Text:
    width = {"textLength": len(text) * CELL, "lengthAdjust": "spacingAndGlyphs"} if text else {}
    return drawsvg.Text(text, None, x, y, font_family=_MONO, class_=shade, **width)


def _place(parts: Sequence[Part], number: int) -> str:
    first = sum(len(data) for _, data in parts[:number])
    length = len(parts[number][1])
    return f"byte {first}" if length == 1 else f"bytes {first} to {first + length - 1}"


def _trace(parts: Sequence[Part], title: str) -> Trace:
    trace = Trace(title)
    for number, (name, data) in enumerate(parts):
        text = data.decode(errors="replace")
        trace.record(name, _said(text), detail=f"{_place(parts, number)}, {len(data)} in all")
    return trace


def _said(text: str) -> str:
    """Return the text with what is not seen in it named as a Python literal names it."""
    return text if text.isprintable() and text.strip() == text else repr(text)


def _describe(trace: Trace) -> str:
    return "; ".join(_clauses(trace)) + "."


def _clauses(trace: Trace) -> Iterator[str]:
    for event in trace.events:
        yield f"{event.lane} ({event.detail.partition(',')[0]}): {event.name}"
