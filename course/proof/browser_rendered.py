"""Compare what a page's output box shows with what the cell's Python said.

The box is described by `browser_page`: one mapping for each part, with `kind` (its classes), `text`, `seen` and
`picture`. Nothing here is sanitized: both sides are of the same run.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[@-_])")  # ECMA-48: colours and the like
TOLD = 300  # characters of a text that differs
_SILENT = frozenset({"script", "style", "template", "button", "select", "textarea"})  # no words, or not let through
_LEFT_OUT = frozenset({"style"})  # of a figure: the page keeps it once it has read that it is ours


@dataclass(frozen=True)
class Part:
    """Something that the box must show: the class it carries and, by kind, its text or its picture."""

    kind: str
    text: str = ""
    svg: str = ""


def expected(outputs: Iterable[Mapping[str, Any]]) -> list[Part]:
    """Return what a reader must see of the messages of one run; neighbouring texts of one stream are one part."""
    found: list[Part] = []
    for output in outputs:
        match output["type"]:
            case "stream":
                before = found[-1] if found and found[-1].kind == output["name"] else None
                if before:
                    found[-1] = Part(before.kind, before.text + output["text"])
                elif output["text"]:
                    found.append(Part(output["name"], output["text"]))
            case "display":
                found.append(_display(output["data"]))
            case "error":
                found.append(Part("traceback", output["traceback"].rstrip()))
            case "blocked":
                found.append(Part("blocked", output["url"]))
    return found


def _display(data: Mapping[str, str]) -> Part:
    """Return the richest form that the page shows of a value."""
    if data.get("text/html"):
        return Part("text_html", _words(data["text/html"]))
    if data.get("image/svg+xml"):
        return Part("picture", svg=data["image/svg+xml"])
    if any(data.get(kind) for kind in ("image/png", "image/jpeg")):
        return Part("picture")
    return Part("text_plain", data.get("text/plain", ""))


def as_terminal(text: str) -> str:
    """Return text as a terminal would leave it: no colours, and of a line that was begun anew only its last form."""
    lines = _ESCAPES.sub("", text).replace("\r\n", "\n").split("\n")
    return "\n".join(re.sub(r".*\r(?!$)", "", line) for line in lines)


def problems(outputs: Sequence[Mapping[str, Any]], shown: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return one text for each thing that a reader does not see as the cell's Python said it."""
    wanted = expected(outputs)
    found = [f"the page hides its {part['kind']}" for part in shown if not part["seen"]]
    if any("gap" in part["kind"].split() for part in shown):
        return found + _cut(wanted, shown)
    if len(wanted) != len(shown):
        names = [", ".join(kinds) or "nothing" for kinds in ([one.kind for one in wanted], [p["kind"] for p in shown])]
        return [*found, f"Python sent {names[0]}; the page's output shows {names[1]}"]
    for part, there in zip(wanted, shown, strict=True):
        found += _difference(part, there)
    return found


def _cut(wanted: Sequence[Part], shown: Sequence[Mapping[str, Any]]) -> list[str]:
    """Of a long output the page keeps the beginning and the end."""
    whole = "".join(as_terminal(part.text) for part in wanted)
    gap = next(place for place, part in enumerate(shown) if "gap" in part["kind"].split())
    head, tail = ("".join(part["text"] for part in parts) for parts in (shown[:gap], shown[gap + 1:]))
    if head and tail and whole.startswith(head) and whole.endswith(tail):
        return []
    return ["the page's output is neither the beginning nor the end of what Python sent"]


def _difference(part: Part, there: Mapping[str, Any]) -> list[str]:
    if part.kind not in there["kind"].split():
        return [f"Python sent {part.kind}; the page's output shows {there['kind']}"]
    if part.kind == "picture":
        return _picture(part, there["picture"])
    said, seen = as_terminal(part.text), there["text"]
    if part.kind == "text_html":
        said, seen = " ".join(said.split()), " ".join(seen.split())
    same = said in seen if part.kind == "blocked" else said == seen
    if same:
        return []
    return [f"the page's output shows another {part.kind}:\nsent  {said[-TOLD:]!r}\nshown {seen[-TOLD:]!r}"]


def _picture(part: Part, there: Mapping[str, Any] | None) -> list[str]:
    if not there:
        return ["the page's output shows no picture"]
    if there["loaded"] == 0 or not (there["width"] and there["height"]):
        return ["the page's output shows an empty picture"]
    if there["loaded"] is not None:  # an img: the browser draws it by itself
        return []
    tags, words = _drawn(part.svg)
    shown = [tag for tag in there["tags"] if tag not in _LEFT_OUT]
    if tags != shown:
        lost = [tag for tag in tags if tags.count(tag) != shown.count(tag)]
        return [f"the page's figure has other parts than the cell's: {', '.join(dict.fromkeys(lost)) or 'their order'}"]
    return [] if words == there["words"] else ["the page's figure has other words than the cell's"]


def _drawn(svg: str) -> tuple[list[str], list[str]]:
    """Return the names of all elements within an SVG, in order, and its words."""
    elements = list(ElementTree.fromstring(svg).iter())[1:]
    named = [(element.tag.rpartition("}")[2], element) for element in elements]
    words = ["".join(element.itertext()) for name, element in named if name in ("text", "title", "desc")]
    return [name for name, _ in named if name not in _LEFT_OUT], words


class _Words(HTMLParser):
    """Collects the text of HTML that a reader would see."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Note that what follows is not text."""
        self._silent += tag in _SILENT

    def handle_endtag(self, tag: str) -> None:
        """Note that text may follow again."""
        self._silent -= tag in _SILENT

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        if not self._silent:
            self.found.append(data)


def _words(html: str) -> str:
    parser = _Words()
    parser.feed(html)
    parser.close()
    return "".join(parser.found)
