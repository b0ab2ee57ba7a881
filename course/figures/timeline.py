"""Timeline: who was busy when, in measured time. One row a lane, so that the picture fits a phone."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import drawsvg

from course.figures.canvas import FONT, Figure, colour, finish, sheet, text_width

ROW, TOP, LEFT, WIDTH, THICK = 50, 10, 16, 320, 16
FEW = 6  # stretches of a lane that are read aloud one by one; more are counted
_UNITS = (("s", 1e9), ("ms", 1e6), ("\u00b5s", 1e3), ("ns", 1.0))


@dataclass(frozen=True)
class Span:
    """A stretch in which `lane` was busy: `start` and `end` in nanoseconds of one clock, such as perf_counter_ns()."""

    lane: str
    start: int
    end: int
    label: str = ""


def timeline(spans: Sequence[Span], title: str) -> Figure:
    """Draw each lane's stretches over the time from the first start to the last end, with a scale beneath.

    Raises ValueError when there are none, or one ends before it starts.
    """
    if not spans or any(span.end < span.start for span in spans):
        raise ValueError(f"the timeline '{title}' needs at least one stretch, and none that ends before it starts")
    origin, last = min(span.start for span in spans), max(span.end for span in spans)
    scale = WIDTH / ((last - origin) or 1)
    lanes = list(dict.fromkeys(span.lane for span in spans))
    widest = max(text_width(lane, bold=True) for lane in lanes)
    drawing = sheet(2 * LEFT + max(WIDTH + 24, widest), TOP + len(lanes) * ROW + 44, title)
    for row, lane in enumerate(lanes):
        y = TOP + row * ROW
        drawing.append(drawsvg.Text(lane, None, LEFT, y + FONT, class_="strong"))
        drawing.append(drawsvg.Line(LEFT, y + 30, LEFT + WIDTH, y + 30, class_="line"))
        for span in (one for one in spans if one.lane == lane):
            _stretch(drawing, span, LEFT + (span.start - origin) * scale, y + 22, (span.end - span.start) * scale, row)
    _axis(drawing, last - origin, TOP + len(lanes) * ROW + 10)
    data = json.dumps([asdict(span) | {"start": span.start - origin, "end": span.end - origin} for span in spans])
    return finish(drawing, title, _describe(spans, lanes, origin, last), data)


def _stretch(drawing: drawsvg.Drawing, span: Span, x: float, y: float, length: float, row: int) -> None:
    """Draw a stretch, as wide as a line where it is short, with its label where that fits into it."""
    bar = drawsvg.Rectangle(round(x, 1), y, round(max(length - 0.5, 1), 1), THICK, class_=f"fill-{colour(row)}")
    if span.label:
        bar.append_title(span.label)
    drawing.append(bar)
    if span.label and text_width(span.label) + 8 < length:
        drawing.append(drawsvg.Text(span.label, None, round(x + 5, 1), y + THICK - 3, class_="fill-paper"))


def _axis(drawing: drawsvg.Drawing, whole: int, y: float) -> None:
    drawing.append(drawsvg.Line(LEFT, y, LEFT + WIDTH, y, stroke_width=1.5, class_="line"))
    for place, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        x = LEFT + WIDTH * place
        drawing.append(drawsvg.Line(x, y, x, y + 5, stroke_width=1.5, class_="line"))
        drawing.append(drawsvg.Text(_time(whole * place, whole), None, x, y + 22, text_anchor=anchor, class_="muted"))


def _time(nanoseconds: float, whole: int) -> str:
    unit, size = next(((unit, size) for unit, size in _UNITS if whole >= size), _UNITS[-1])
    return f"{nanoseconds / size:.3g} {unit}"


def _describe(spans: Sequence[Span], lanes: Sequence[str], origin: int, last: int) -> str:
    """Return who was busy when in words: each stretch, or where a lane has many, how many and how long in all."""
    whole, said = (last - origin) or 1, []
    for lane in lanes:
        mine = [span for span in spans if span.lane == lane]
        if len(mine) > FEW:
            busy = sum(span.end - span.start for span in mine)
            said.append(f"{lane}: {len(mine)} stretches, {busy / whole:.0%} of {_time(whole, whole)}")
        else:
            said.append(f"{lane}: " + ", ".join(
                f"{span.label + ' ' if span.label else ''}from {_time(span.start - origin, whole)} "
                f"to {_time(span.end - origin, whole)}" for span in mine))
    return "; ".join(said) + "."
