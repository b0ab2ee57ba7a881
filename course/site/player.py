"""The bar under a picture that carries a recording, with which web/player plays it where it stands.

The built page has the bar from the beginning, so that nothing moves when the script comes; without a script it is not
seen, and the picture is complete. web/player/bar.mjs makes the same bar for what a cell draws when it is run.
"""

import json
import xml.etree.ElementTree as ElementTree
from html import escape

from course.trace import VERSION

KEYS = "Keys: Left and Right step, Home and End jump, Escape ends"
_SVG = "{http://www.w3.org/2000/svg}"


def recording(svg: str) -> tuple[str, int] | None:
    """Return an SVG's title and how many events its recording has; None where there is nothing to step through."""
    root = ElementTree.fromstring(svg)
    try:
        data = json.loads(root.findtext(f"{_SVG}metadata", ""))
    except ValueError:  # most pictures carry none
        return None
    if not isinstance(data, dict) or data.get("version") != VERSION or len(data.get("events", ())) < 2:
        return None
    return root.findtext(f"{_SVG}title", ""), len(data["events"])


def played(picture: str, svg: str) -> str:
    """Return the HTML of a picture with its bar beneath it when its `svg` carries a recording, else as it is."""
    found = recording(svg)
    if found is None:
        return picture
    title, steps = found
    buttons = "".join(f'<button type="button" class="player-button" value="{value}">{words}</button>'
                      for value, words in (("play", "Play"), ("next", "Step")))
    bar = (f'<div class="player-bar" role="group" aria-label="Play: {escape(title)}" aria-description="{KEYS}">'
           f'{buttons}<span class="player-place">{steps} steps</span></div>')
    return f'<div class="played"><div class="player-stage">{picture}{bar}</div></div>'
