"""Highlighted code with fewer elements: what has the colour of the text anyway is not marked.

Names, punctuation and blanks are four of ten elements of a lesson's page, which is laid out faster without them.
"""

from collections.abc import Iterable
from typing import IO, Any

from pygments.formatters import HtmlFormatter
from pygments.token import Name, Punctuation, Text, Whitespace
from sphinx.application import Sphinx
from sphinx.highlighting import PygmentsBridge

PLAIN = frozenset({Name, Punctuation, Whitespace})  # these only: builtins, functions and the like are kinds of Name


class FewerElements(HtmlFormatter):  # type: ignore[misc]  # pygments has no types
    """Pygments' formatter for HTML that writes the tokens of `PLAIN` as text."""

    def format(self, tokensource: Iterable[tuple[Any, str]], outfile: IO[str]) -> None:
        """Write the tokens to `outfile` (https://pygments.org/docs/formatterdevelopment/)."""
        super().format(((Text if kind in PLAIN else kind, value) for kind, value in tokensource), outfile)


def setup(app: Sphinx) -> None:
    """Let Sphinx highlight with it (`html_formatter` is for that: see sphinx.highlighting)."""
    PygmentsBridge.html_formatter = FewerElements
