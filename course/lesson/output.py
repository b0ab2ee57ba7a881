"""What goes into a cell's output: each piece in the forms among which an editor chooses. Nothing here needs Jupyter."""

import re
from collections.abc import Iterable, Mapping
from html import escape

Bundle = Mapping[str, str]
"""One piece: from media type to text. `text/plain` is always there."""


def markdown(text: str) -> Bundle:
    """Return Markdown, which each editor renders in its own way and without a renderer still reads well."""
    return {"text/markdown": text, "text/plain": text}


def code(text: str, language: str = "") -> str:
    """Return `text` as a fenced block: whatever it holds, it ends where the text ends."""
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`{3,}", text))])
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def block(text: str) -> str:
    """Return plain text as HTML that keeps its lines; long ones are broken, not cut."""
    return ('<pre style="margin: 0.2em 0; white-space: pre-wrap; overflow-wrap: anywhere; background: transparent; '
            f'color: inherit">{escape(text)}</pre>')


def inline(text: str) -> str:
    """Return a text as HTML, with what stands between backticks as code."""
    return re.sub("`([^`\n]+)`", r"<code>\1</code>", escape(text))


def note(text: str) -> Bundle:
    """Return a sentence that a screen reader says when it appears."""
    return {"text/html": f'<p role="status" style="margin: 0.4em 0"><strong>{inline(text)}</strong></p>',
            "text/markdown": f"**{_literal(text)}**", "text/plain": text}


def literal(text: str) -> Bundle:
    """Return text that is shown as it stands, line by line."""
    return {"text/html": block(text), "text/markdown": code(text, "text"), "text/plain": text}


def _literal(text: str) -> str:
    """Return Markdown that shows this text (CommonMark 0.31, section 2.4, backslash escapes)."""
    return re.sub(r"([\\`*_\[\]<>#&])", r"\\\1", text)


def joined(pieces: Iterable[Bundle], media_type: str) -> str:
    """Return the pieces that have this form as one text."""
    between = "\n" if media_type == "text/html" else "\n\n"
    return between.join(piece[media_type] for piece in pieces if media_type in piece)


def quiet(text: str) -> Bundle:
    """Return a sentence that only states how things are."""
    return {"text/html": f'<p style="margin: 0.4em 0">{inline(text)}</p>', "text/markdown": _literal(text),
            "text/plain": text}
