"""The sheet all figures are drawn on: colours, text, title and description."""

import hashlib
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import drawsvg

COLOURS = 6  # --fig-a ... --fig-f
# A page may set the variables --fig-*; elsewhere (JupyterLab, VS Code, GitHub) the fallbacks below hold. The figure
# paints its own paper, so that it stays readable where the surrounding theme and the system's preference disagree.
_LIGHT = {"ink": "#1d2433", "muted": "#566072", "line": "#c5ccd8", "paper": "#ffffff",
          "a": "#1f5fbf", "b": "#a8480b", "c": "#1d7352", "d": "#7a3fa8", "e": "#b3264a", "f": "#5c6420"}
_DARK = {"ink": "#e7eaf0", "muted": "#a9b2c3", "line": "#475063", "paper": "#171b24",
         "a": "#7fb2ff", "b": "#ffab70", "c": "#6fd6ab", "d": "#cfa1f5", "e": "#ff93ac", "f": "#cdd382"}
LEAST = 0.8  # a narrow page shrinks a figure to this, then scrolls it: smaller text would not be read
FONT = 15  # px in the drawing's own units
_NARROW, _WIDE = frozenset("fijlrtI.,:;'|!()[] "), frozenset("mwMW@%")


def _variables(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:var(--fig-{name},{value});" for name, value in colours.items())


STYLE = (
    f".course-figure{{{_variables(_LIGHT)}max-width:100%;height:auto;"
    "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif}"
    f"@media (prefers-color-scheme:dark){{.course-figure{{{_variables(_DARK)}}}}}"
    f"@media print{{.course-figure{{{''.join(f'--{name}:{value};' for name, value in _LIGHT.items())}}}}}"
    f".course-figure text{{fill:var(--ink);font-size:{FONT}px}}"
    ".course-figure .muted,.course-figure tspan{fill:var(--muted)}.course-figure .strong{font-weight:600}"
    ".course-figure .paper{fill:var(--paper)}.course-figure .line{stroke:var(--line);fill:none}"
    + "".join(f".course-figure .{kind}-{key}{{{kind}:var(--{key})}}"
              for kind in ("fill", "stroke") for key in ("a", "b", "c", "d", "e", "f", "paper", "ink", "muted"))
)


@dataclass(frozen=True)
class Figure:
    """A finished picture: its SVG and, for readers of plain text, its description."""

    svg: str
    title: str
    description: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": f"{self.title}\n{self.description}"}


def text_width(text: str, bold: bool = False) -> float:
    """Return about how wide `text` is, in the drawing's units: the machine that draws has no fonts to ask."""
    hundredths = sum(_hundredths(character) for character in text)  # of an em: whole numbers, whose sum is exact on
    return hundredths * (107 if bold else 100) * FONT / 10_000      # every Python; 3.12 began to add floats differently


def _hundredths(character: str) -> int:
    if character in _NARROW:
        return 34
    return 92 if character in _WIDE else 68 if character.isupper() else 60


def colour(index: int) -> str:
    """Return the name of the colour of the `index`-th lane or level; they repeat after six."""
    return "abcdef"[index % COLOURS]


def sheet(width: float, height: float, title: str) -> drawsvg.Drawing:
    """Return a drawing with its own paper and its title on top; `width` and `height` in px of what comes below.

    The content's own coordinates begin at (0, 0), below the title.
    """
    lines = textwrap.wrap(title, max(36, int(width / (FONT * 0.62))))
    head = 12 + 20 * len(lines)
    across = round(max([width, *(text_width(line, bold=True) + 32 for line in lines)]))
    drawing = drawsvg.Drawing(across, round(height) + head, origin=(0, -head))
    drawing.append(drawsvg.Rectangle(0, -head, across, round(height) + head, rx=8, class_="paper"))
    for number, line in enumerate(lines):
        drawing.append(drawsvg.Text(line, None, 16, -head + 24 + 20 * number, class_="strong"))
    return drawing


def moment(drawing: drawsvg.Group, steps: Iterable[int], first: int = 0, **more: object) -> drawsvg.Group:
    """Return where to draw what the events `steps` of a recording are about: the page's player marks it at each.

    It is there from the earliest of them on, or from the event `first`. What belongs to no event is always there.
    """
    known = {"data_step": " ".join(map(str, steps)), "data_first": first}
    marks = {name: value for name, value in known.items() if value}
    if not marks:
        return drawing
    group = drawsvg.Group(**marks, **more)
    drawing.append(group)
    return group


def finish(drawing: drawsvg.Drawing, title: str, description: str, data: str = "") -> Figure:
    """Give the drawing its title, description, style and data, and return the figure.

    `data` is the recording the picture was drawn from (JSON), for the page's player. The ids follow from the
    content: the same picture has the same ids on each run, and two pictures on a page do not share them.
    Structure as asked by SVG Accessibility API Mappings 1.0 (W3C), section 7.
    """
    body = drawing.as_svg(header="")
    key = hashlib.sha256((title + description + data + body).encode()).hexdigest()[:8]
    head = (f'<title id="t{key}">{escape(title)}</title><desc id="d{key}">{escape(description)}</desc>'
            f"<style>{STYLE}</style>" + (f"<metadata>{escape(data, quote=False)}</metadata>" if data else ""))
    opening, rest = body.split(">", 1)
    least = round(LEAST * float(drawing.width))
    svg = (f'{opening} class="course-figure" style="min-width:{least}px" role="img" '
           f'aria-labelledby="t{key} d{key}">{head}{rest}')
    return Figure(svg, title, description)
