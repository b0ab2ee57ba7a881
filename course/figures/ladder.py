"""Ladder: who said what to whom. One rung a message, time runs downwards (a sequence diagram)."""

import itertools

import drawsvg

from course.figures.canvas import Figure, colour, finish, moment, sheet, text_width
from course.figures.lanes import describe, label
from course.trace import Event, Trace

RUNG, TOP, EDGE, HEAD = 44, 30, 16, 7


def ladder(trace: Trace, title: str = "") -> Figure:
    """Draw a recording as messages between parties: the lanes stand side by side, `send` events are arrows.

    Other events are notes beside their lane. Raises ValueError when nothing was recorded.
    """
    if not trace.events:
        raise ValueError(f"the trace '{trace.title}' holds no events: run what it records before drawing it")
    position = _columns(trace)
    right = max(position[event.lane] + 14 + text_width(label(event)) for event in trace.events if not event.to) \
        if any(not event.to for event in trace.events) else 0
    last = max(position.values())
    names = max(position[lane] + text_width(lane, bold=True) / 2 for lane in trace.lanes)
    drawing = sheet(max(right, last, names) + EDGE, TOP + (len(trace.events) + 1) * RUNG - 14, title or trace.title)
    for number, (lane, x) in enumerate(position.items()):
        drawing.append(drawsvg.Text(lane, None, x, TOP - 8, text_anchor="middle", class_="strong"))
        drawing.append(drawsvg.Line(x, TOP, x, TOP + len(trace.events) * RUNG + 8, stroke_width=2,
                                    stroke_opacity=0.6, class_=f"stroke-{colour(number)}"))
    for row, event in enumerate(trace.events):
        _rung(drawing, event, position, TOP + (row + 1) * RUNG - 8)
    return finish(drawing, title or trace.title, describe(trace), trace.to_json())


def _columns(trace: Trace) -> dict[str, float]:
    """Return the middle of each lane: neighbours stand as far apart as the longest message between them needs."""
    lanes = list(trace.lanes)
    x = EDGE + text_width(lanes[0], bold=True) / 2
    position = {lanes[0]: max(x, 40.0)}
    for left, right in itertools.pairwise(lanes):
        said = [text_width(label(event)) for event in trace.events if {event.lane, event.to} == {left, right}]
        heads = (text_width(left, bold=True) + text_width(right, bold=True)) / 2
        position[right] = position[left] + max([heads + 20, 110, *(width + 34 for width in said)])
    return position


def _rung(drawing: drawsvg.Drawing, event: Event, position: dict[str, float], y: float) -> None:
    shade, start = colour(list(position).index(event.lane)), position[event.lane]
    rung = moment(drawing, [event.step])
    if not event.to:
        rung.append(drawsvg.Circle(start, y - 4, 5, class_=f"fill-{shade}"))
        rung.append(drawsvg.Text(label(event), None, start + 14, y + 1))
        return
    end = position[event.to]
    ahead = 1 if end >= start else -1
    rung.append(drawsvg.Line(start, y, end - ahead * HEAD, y, stroke_width=2, class_=f"stroke-{shade}"))
    tip = drawsvg.Path(class_=f"fill-{shade}")
    rung.append(tip.M(end, y).l(-ahead * HEAD * 1.5, -HEAD * 0.8).l(0, HEAD * 1.6).Z())
    rung.append(drawsvg.Text(label(event), None, (start + end) / 2, y - 7, text_anchor="middle"))
