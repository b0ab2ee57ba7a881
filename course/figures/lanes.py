"""Lanes: who did what when. Time runs downwards, so that the picture fits a phone."""

import textwrap
from itertools import accumulate

import drawsvg

from course.figures.canvas import Figure, colour, finish, moment, sheet, text_width
from course.trace import Event, Trace

ROW, COLUMN, LEFT, TOP = 27, 30, 44, 16
MOST, LINE = 36, 19  # characters in a line of a label, and a line's height: with two lanes this fits a phone
INDENT = 12  # of a label's further lines
_SIZE = 6  # half the size of a mark
_ENDS = {"enter": " begins", "exit": " ends", "point": "", "error": " (error)", "send": ""}


def lanes(trace: Trace, title: str = "") -> Figure:
    """Draw a recording: one column a lane, one row an event, a bar where a lane is between enter and exit.

    A dot opens a bar, a ring closes it, a diamond is a single moment, a cross an error: shapes carry the meaning,
    colours only help. Raises ValueError when nothing was recorded.
    """
    if not trace.events:
        raise ValueError(f"the trace '{trace.title}' holds no events: run what it records before drawing it")
    column = {lane: LEFT + position * COLUMN for position, lane in enumerate(trace.lanes)}
    labels = LEFT + len(column) * COLUMN
    first = TOP + len(column) * 22 + 14
    texts = [lines(event) for event in trace.events]
    widest = max(text_width(line) for text in texts for line in text)
    *rows, bottom = accumulate((ROW + LINE * (len(text) - 1) for text in texts), initial=first)
    drawing = sheet(max(labels + widest, labels + 150) + 16, bottom + 4, title or trace.title)
    _header(drawing, column, labels, first)
    _bars(drawing, trace, column, rows)
    for event, text, y in zip(trace.events, texts, rows, strict=True):
        _event(drawing, event, text, list(column).index(event.lane), labels, y)
    return finish(drawing, title or trace.title, describe(trace), trace.to_json())


def describe(trace: Trace) -> str:
    """Return the recording in words, an event a clause: what a screen reader reads for the picture."""
    said = (f"{event.step}. {event.lane}{' to ' + event.to if event.to else ''}: {label(event)}{_ENDS[event.kind]}"
            for event in trace.events)
    return "; ".join(said) + "."


def label(event: Event) -> str:
    """Return what happened in words: the event's name, and its detail where it has one."""
    return f"{event.name}: {event.detail}" if event.detail else event.name


def lines(event: Event) -> list[str]:
    """Return an event's label and how it ends, in lines of at most MOST characters (or of one longer word)."""
    text = label(event) + _ENDS[event.kind]
    return textwrap.wrap(text, MOST, subsequent_indent="   ", break_long_words=False) or [""]


def _header(drawing: drawsvg.Drawing, column: dict[str, int], labels: int, first: int) -> None:
    """Name each lane, with a leader from the name to the head of its column."""
    for position, (lane, x) in enumerate(column.items()):
        y = TOP + position * 22
        leader = drawsvg.Path(stroke_width=1.5, fill="none", class_=f"stroke-{colour(position)}")
        drawing.append(leader.M(labels - 8, y).H(x).V(first - ROW / 2))
        drawing.append(drawsvg.Text(lane, None, labels, y + 5, class_="strong"))


def _bars(drawing: drawsvg.Drawing, trace: Trace, column: dict[str, int], rows: list[int]) -> None:
    for start, end, lane in spans(trace):
        x, shade = column[lane], colour(list(column).index(lane))
        drawing.append(drawsvg.Line(x, rows[start], x, rows[end], stroke_width=8,
                                    stroke_opacity=0.35, stroke_linecap="round", class_=f"stroke-{shade}",
                                    data_step=start + 1, data_until=end + 1))


def spans(trace: Trace) -> list[tuple[int, int, str]]:
    """Return the stretches `(first row, last row, lane)`, rows counted from 0; one left open runs to the end."""
    found, open_rows = [], dict[tuple[str, str], list[int]]()
    for row, event in enumerate(trace.events):
        key = (event.lane, event.name)
        if event.kind == "enter":
            open_rows.setdefault(key, []).append(row)
        elif event.kind == "exit" and open_rows.get(key):
            found.append((open_rows[key].pop(), row, event.lane))
    last = len(trace.events) - 1
    return found + [(row, last, lane) for (lane, _), rows in open_rows.items() for row in rows]


def _event(drawing: drawsvg.Drawing, event: Event, text: list[str], position: int, labels: int, y: int) -> None:
    x, shade = LEFT + position * COLUMN, colour(position)
    row = moment(drawing, [event.step], data_at=y)
    row.append(drawsvg.Text(str(event.step), None, 24, y + 5, text_anchor="end", class_="muted"))
    row.append(drawsvg.Line(x + 10, y, labels - 8, y, class_="line", stroke_dasharray="1 4"))
    row.append(_mark(event.kind, x, y, shade))
    for number, line in enumerate(text):
        said = line.removesuffix(_ENDS[event.kind]) if number == len(text) - 1 else line
        written = drawsvg.Text(said.strip(), None, labels + (INDENT if number else 0), y + 5 + number * LINE)
        if said != line:
            written.append(drawsvg.TSpan(line.removeprefix(said), class_="muted"))
        row.append(written)


def _mark(kind: str, x: int, y: int, shade: str) -> drawsvg.DrawingElement:
    stroke = f"stroke-{shade}"
    if kind == "exit":
        return drawsvg.Circle(x, y, _SIZE, stroke_width=2.5, class_=f"fill-paper {stroke}")
    if kind == "enter":
        return drawsvg.Circle(x, y, _SIZE + 1, class_=f"fill-{shade}")
    path = drawsvg.Path(stroke_width=2.5, class_=f"fill-{shade} {stroke}")
    if kind == "error":
        return path.M(x - _SIZE, y - _SIZE).l(12, 12).M(x + _SIZE, y - _SIZE).l(-12, 12)
    return path.M(x, y - _SIZE).l(_SIZE, _SIZE).l(-_SIZE, _SIZE).l(-_SIZE, -_SIZE).Z()
