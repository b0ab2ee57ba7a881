"""What a notebook's page does: it runs cells, keeps the widgets that a kernel opens, and presses their buttons."""

import html
import re
import time
from collections.abc import Callable
from typing import Any

from jupyter_client.blocking import BlockingKernelClient

VIEW = "application/vnd.jupyter.widget-view+json"
SECONDS = 60


class Output:
    """The output of one run of a cell."""

    def __init__(self) -> None:
        self.pieces: list[dict[str, str]] = []  # from media type to data, in order; updated in place
        self.errors: list[str] = []
        self.names: list[str] = []

    def text(self, media_type: str) -> str:
        return "\n".join(piece[media_type] for piece in self.pieces if media_type in piece)

    @property
    def view(self) -> str:
        """The model of the widget that is shown."""
        [found] = [piece[VIEW]["model_id"] for piece in self.pieces if VIEW in piece]
        return found


class Frontend:
    """A page that is connected to a kernel."""

    def __init__(self, client: BlockingKernelClient) -> None:
        self.client = client
        self.models: dict[str, dict[str, Any]] = {}
        self.heard: list[str] = []  # all that the widgets said, in order

    def run(self, code: str) -> Output:
        """Run a cell and return its output."""
        output = Output()
        self._until_idle(self.client.execute(code, allow_stdin=False), output)
        return output

    def press(self, view: str, word: str, times: int = 1, meanwhile: Callable[[str], None] | None = None) -> None:
        """Press the button whose label begins with `word`; `meanwhile` gets what the widgets say until it is done."""
        self._send(self.find(view, "description", word), {"method": "custom", "content": {"event": "click"}}, times,
                   meanwhile)

    def enter(self, view: str) -> None:
        """Press Enter in the line to type into."""
        self._send(self.find(view, "description", "Your answer"), {"method": "custom", "content": {"event": "submit"}})

    def set(self, model: str, **state: Any) -> None:
        """Change a control as a reader does."""
        self.models[model] |= state
        self._send(model, {"method": "update", "state": state, "buffer_paths": []})

    def find(self, view: str, name: str, beginning: str) -> str:
        """Return the model inside `view` whose property begins so."""
        [found] = [one for one in self.inside(view) if str(self.models[one].get(name, "")).startswith(beginning)]
        return found

    def inside(self, view: str) -> list[str]:
        """Return a model and those it is made of, in the order of reading."""
        children = [child.removeprefix("IPY_MODEL_") for child in self.models[view].get("children", [])]
        return [view, *(one for child in children for one in self.inside(child))]

    def buttons(self, view: str) -> list[str]:
        """Return the labels of the buttons that can be seen, those that cannot be pressed in brackets."""
        models = [self.models[one] for one in self.inside(view)]
        shown = [model for model in models if model["_model_name"] == "ButtonModel" and self._visible(model)]
        return [f"[{model['description']}]" if model["disabled"] else model["description"] for model in shown]

    def read(self, view: str) -> str:
        """Return the text of all that the Output widgets inside show."""
        return "\n".join(map(_words, self.pieces(view)))

    def pieces(self, view: str) -> list[dict[str, str]]:
        return [output["data"] for one in self.inside(view) for output in self.models[one].get("outputs", [])]

    def _visible(self, model: dict[str, Any]) -> bool:
        return self.models[model["layout"].removeprefix("IPY_MODEL_")].get("display") != "none"

    def _send(self, comm: str, data: dict[str, Any], times: int = 1,
              meanwhile: Callable[[str], None] | None = None) -> None:
        messages = [self.client.session.msg("comm_msg", {"comm_id": comm, "data": data}) for _ in range(times)]
        for message in messages:
            self.client.shell_channel.send(message)
        for message in messages:
            self._until_idle(message["header"]["msg_id"], Output(), meanwhile)

    def _until_idle(self, request: str, output: Output, meanwhile: Callable[[str], None] | None = None) -> None:
        deadline = time.monotonic() + SECONDS
        while True:
            message = self.client.get_iopub_msg(timeout=max(0.1, deadline - time.monotonic()))
            if message["parent_header"].get("msg_id") != request:
                continue
            content, kind = message["content"], message["msg_type"]
            if kind == "status" and content["execution_state"] == "idle":
                return
            before = len(self.heard)
            self._hear(kind, content, output)
            for said in self.heard[before:] if meanwhile else ():
                meanwhile(said)

    def _hear(self, kind: str, content: dict[str, Any], output: Output) -> None:
        if kind == "comm_open":
            self.models[content["comm_id"]] = dict(content["data"]["state"])
        elif kind == "comm_msg" and content["data"]["method"] == "update":
            self.models[content["comm_id"]] |= content["data"]["state"]
            self.heard += [_words(piece["data"]) for piece in content["data"]["state"].get("outputs", [])]
        elif kind in ("display_data", "execute_result"):
            output.pieces.append(content["data"])
            output.names.append(content.get("transient", {}).get("display_id", ""))
        elif kind == "update_display_data":
            output.pieces[output.names.index(content["transient"]["display_id"])] = content["data"]
        elif kind == "error":
            output.errors.append(f"{content['ename']}: {content['evalue']}")
        elif kind == "stream":
            output.pieces.append({"text/plain": content["text"]})


def _words(piece: dict[str, str]) -> str:
    """Return a piece as a page shows it: HTML without its tags, else Markdown."""
    if "text/html" in piece:
        return html.unescape(re.sub(r"<[^>]+>", " ", piece["text/html"]))
    return piece.get("text/markdown", piece["text/plain"])
