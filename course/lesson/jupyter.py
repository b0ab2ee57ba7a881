"""Show pieces in the cell's output: the only module that talks to IPython."""

from collections.abc import Iterable
from typing import Any

from course.lesson.output import Bundle


def live() -> bool:
    """Whether somebody may answer: there is a notebook or an IPython terminal, not a plain script."""
    from IPython import get_ipython
    return get_ipython() is not None


def show(piece: Bundle) -> None:
    """Show one piece; a plain script gets it as text."""
    if not live():
        print(piece["text/plain"])
        return
    from IPython.display import display
    display(dict(piece), raw=True)


class Place:
    """A place in the output for a widget; an editor that cannot show widgets shows the text beside it instead."""

    def __init__(self, widget: Any) -> None:
        self._view = {name: data for name, data in widget._repr_mimebundle_().items() if name != "text/plain"}
        self._shown: Any = None
        self._text: Bundle = {}

    def show(self, instead: Bundle) -> None:
        """Show the widget, at first, and let `instead` be the text from now on."""
        from IPython.display import display
        if self._shown is None:
            self._shown = display({**self._view, **instead}, raw=True, display_id=True)
        elif instead != self._text:
            self._shown.update({**self._view, **instead}, raw=True)
        self._text = instead


def fill(area: Any, pieces: Iterable[Bundle]) -> None:
    """Let an Output widget show these pieces and no others."""
    area.outputs = tuple({"output_type": "display_data", "data": dict(piece), "metadata": {}} for piece in pieces)
