"""Tree: what stands on what. One row a node, indented, so that the picture fits a phone."""

import json
from dataclasses import dataclass

import drawsvg

from course.figures.canvas import FONT, Figure, colour, finish, moment, sheet, text_width
from course.trace import Trace

ROW, INDENT, LEFT, TOP, HEIGHT = 38, 30, 14, 14, 28


@dataclass(frozen=True)
class Node:
    """A node: its label, a note in smaller words, and what it stands on. `faint` nodes are drawn dashed."""

    label: str
    children: tuple["Node", ...] = ()
    note: str = ""
    faint: bool = False


@dataclass(frozen=True)
class _Row:
    node: Node
    depth: int
    parent: int  # row of the parent, -1 for the root


def tree(root: Node, title: str, trace: Trace | None = None) -> Figure:
    """Draw `root` and all below it, depth first, with an elbow from each node to its parent.

    The page's player steps through `trace`, whose lanes are the labels of nodes: an event belongs to the nodes of its
    lane.
    """
    rows = _rows(root)
    right = max(LEFT + row.depth * INDENT + _box(row.node) + text_width(row.node.note) + 20 for row in rows)
    drawing = sheet(max(right, 320), 2 * TOP + len(rows) * ROW - (ROW - HEIGHT), title)
    for position, row in enumerate(rows):
        _elbow(drawing, row, position)
        events = trace.events if trace else ()
        _node(moment(drawing, (event.step for event in events if event.lane == row.node.label)), row, position)
    data = trace.to_json(tree=_plain(root)) if trace else json.dumps(_plain(root), ensure_ascii=False)
    return finish(drawing, title, describe(root), data)


def describe(root: Node) -> str:
    """Return the tree in words: what a screen reader reads for the picture."""
    sentences = []
    for row in _rows(root):
        note = f" ({row.node.note})" if row.node.note else ""
        if row.node.children:
            below = ", ".join(child.label for child in row.node.children)
            sentences.append(f"{row.node.label}{note} needs {below}")
        elif note or row.parent < 0:
            sentences.append(f"{row.node.label}{note}")
    return "; ".join(sentences) + "."


def _rows(root: Node) -> list[_Row]:
    rows: list[_Row] = []

    def visit(node: Node, depth: int, parent: int) -> None:
        rows.append(_Row(node, depth, parent))
        here = len(rows) - 1
        for child in node.children:
            visit(child, depth + 1, here)

    visit(root, 0, -1)
    return rows


def _plain(node: Node) -> dict[str, object]:
    return {"label": node.label, "note": node.note, "faint": node.faint,
            "children": [_plain(child) for child in node.children]}


def _box(node: Node) -> float:
    return text_width(node.label, bold=True) + 26


def _elbow(drawing: drawsvg.Drawing, row: _Row, position: int) -> None:
    if row.parent < 0:
        return
    x = LEFT + (row.depth - 1) * INDENT + 12
    top, middle = TOP + row.parent * ROW + HEIGHT, TOP + position * ROW + HEIGHT / 2
    drawing.append(drawsvg.Path(class_="line", stroke_width=1.5).M(x, top).V(middle).H(x + INDENT - 12))


def _node(box: drawsvg.Group, row: _Row, position: int) -> None:
    node, x, y = row.node, LEFT + row.depth * INDENT, TOP + position * ROW
    dash = {"stroke_dasharray": "4 4"} if node.faint else {}
    box.append(drawsvg.Rectangle(x, y, round(_box(node)), HEIGHT, rx=6, stroke_width=2,
                                 class_=f"fill-paper stroke-{colour(row.depth)}", **dash))
    box.append(drawsvg.Text(node.label, None, x + 13, y + HEIGHT / 2 + FONT / 3,
                            class_="muted" if node.faint else "strong"))
    if node.note:
        box.append(drawsvg.Text(node.note, None, round(x + _box(node) + 8), y + HEIGHT / 2 + FONT / 3,
                                class_="muted"))
