"""Graph: what points at what, cycles included. Nodes stand below each other, arrows run at their right."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import drawsvg

from course.figures.canvas import FONT, Figure, colour, finish, moment, sheet, text_width
from course.trace import Event, Trace

LEFT, TOP, PORT, GAP, TRACK, HEAD = 16, 16, 24, 16, 16, 7

Edge = tuple[str, str, str]  # from, to, label


@dataclass(frozen=True)
class _Layout:
    """Where things are: the top and height of each node's box, and for each edge the rows of its two ends."""

    boxes: dict[str, tuple[int, int]]
    ends: list[tuple[int, int]]
    width: int  # of the boxes

    @property
    def right(self) -> int:
        return LEFT + self.width

    def track(self, number: int) -> int:
        """Return the x of an edge's own vertical line."""
        return self.right + 12 + TRACK * (number + 1)


def graph(nodes: Sequence[str], edges: Sequence[Edge], title: str, trace: Trace | None = None) -> Figure:
    """Draw `nodes` from top to bottom and an arrow for each `(from, to, label)` of `edges`.

    A label stands at the right, in the row where its arrow leaves. The page's player steps through `trace`, whose
    lanes are nodes: what is sent from one to another goes along their arrow. Raises ValueError for no nodes, and for an
    edge whose end is not a node.
    """
    if not nodes:
        raise ValueError(f"the graph '{title}' has no nodes")
    if unknown := {end for edge in edges for end in edge[:2]} - set(nodes):
        raise ValueError(f"the graph '{title}' has an edge at {', '.join(sorted(unknown))}, which is not a node of it")
    layout = _arrange(nodes, edges)
    labels = layout.track(len(edges)) if edges else layout.right
    widest = max((text_width(edge[2]) for edge in edges), default=0)
    top, height = layout.boxes[nodes[-1]]
    drawing = sheet(max(labels + widest + LEFT, 280), top + height + TOP, title)
    events = trace.events if trace else ()
    for number, (start, end, label) in enumerate(edges):
        steps = (event.step for event in events if (event.lane, event.to) == (start, end))
        _arrow(moment(drawing, steps), layout, number, label, labels)
    for node, (y, tall) in layout.boxes.items():
        box = _place(drawing, node, events)
        box.append(drawsvg.Rectangle(LEFT, y, layout.width, tall, rx=6, stroke_width=2,
                                     class_="fill-paper stroke-ink"))
        box.append(drawsvg.Text(node, None, LEFT + 14, y + tall / 2 + FONT / 3, class_="strong"))
    shown = {"nodes": list(nodes), "edges": [list(edge) for edge in edges]}
    return finish(drawing, title, describe(nodes, edges),
                  trace.to_json(**shown) if trace else json.dumps(shown, ensure_ascii=False))


def _place(drawing: drawsvg.Group, node: str, events: Sequence[Event]) -> drawsvg.Group:
    """Return where to draw a node: an event is about the node where it arrives, and where it left has been before."""
    seen = (event.step for event in events if node in (event.lane, event.to))
    steps = (event.step for event in events if node == (event.to or event.lane))
    return moment(drawing, steps, first=min(seen, default=0))


def describe(nodes: Sequence[str], edges: Sequence[Edge]) -> str:
    """Return the graph in words: what a screen reader reads for the picture."""
    said = [f"{start} {label or 'points at'} {end}" for start, end, label in edges]
    alone = [node for node in nodes if not any(node in edge[:2] for edge in edges)]
    return "; ".join([*said, *(f"{node} stands alone" for node in alone)]) + "."


def _arrange(nodes: Sequence[str], edges: Sequence[Edge]) -> _Layout:
    """Give each end of an edge a row of its own at its node's box: arrows and labels never share one."""
    boxes, rows, y = {}, dict[tuple[int, int], int](), TOP
    for node in nodes:
        ports = [(number, side) for number, edge in enumerate(edges) for side in (0, 1) if edge[side] == node]
        rows |= {port: y + 8 + PORT // 2 + PORT * place for place, port in enumerate(ports)}
        boxes[node] = (y, 16 + PORT * max(1, len(ports)))
        y += boxes[node][1] + GAP
    width = round(max(text_width(node, bold=True) for node in nodes) + 28)
    return _Layout(boxes, [(rows[number, 0], rows[number, 1]) for number in range(len(edges))], width)


def _arrow(way: drawsvg.Group, layout: _Layout, number: int, label: str, labels: int) -> None:
    (start, end), x, shade = layout.ends[number], layout.track(number), colour(number)
    way.append(drawsvg.Line(x + 6, start, labels - 6, start, class_="line", stroke_dasharray="1 4"))
    line = drawsvg.Path(stroke_width=2, fill="none", stroke_linejoin="round", class_=f"stroke-{shade}")
    way.append(line.M(layout.right, start).H(x).V(end).H(layout.right + HEAD))
    way.append(drawsvg.Circle(layout.right, start, 4, class_=f"fill-{shade}"))
    tip = drawsvg.Path(class_=f"fill-{shade}")
    way.append(tip.M(layout.right + 1, end).l(HEAD * 1.5, -HEAD * 0.8).l(0, HEAD * 1.6).Z())
    way.append(drawsvg.Text(label, None, labels, start + FONT / 3))
