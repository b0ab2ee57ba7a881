"""Bars: how much of each. One row a value, so that the picture fits a phone."""

import json
from collections.abc import Mapping

import drawsvg

from course.figures.canvas import FONT, Figure, colour, finish, sheet, text_width

ROW, TOP, LEFT, LONGEST, THICK = 46, 14, 16, 260, 14


def bars(values: Mapping[str, float], title: str, unit: str = "") -> Figure:
    """Draw one bar for each value, none of them negative, from zero on; `unit` stands behind each number.

    Raises ValueError when there are no values, or a negative one.
    """
    if not values or min(values.values()) < 0:
        raise ValueError(f"the bars of '{title}' need at least one value, and none below zero")
    most = max(values.values()) or 1
    said = {name: f"{value:g}{' ' + unit if unit else ''}" for name, value in values.items()}
    words = max(text_width(name, bold=True) for name in values)
    numbers = max(text_width(text) for text in said.values())
    drawing = sheet(LEFT * 2 + max(words, LONGEST + 10 + numbers), 2 * TOP + len(values) * ROW - 8, title)
    for row, (name, value) in enumerate(values.items()):
        y, length = TOP + row * ROW, LONGEST * value / most
        drawing.append(drawsvg.Text(name, None, LEFT, y + FONT, class_="strong"))
        drawing.append(drawsvg.Rectangle(LEFT, y + FONT + 6, round(max(length, 2), 1), THICK, rx=3,
                                         class_=f"fill-{colour(row)}"))
        drawing.append(drawsvg.Text(said[name], None, LEFT + length + 8, y + FONT + 6 + THICK - 2))
    description = "; ".join(f"{name}: {text}" for name, text in said.items()) + "."
    return finish(drawing, title, description, json.dumps(dict(values), ensure_ascii=False))
