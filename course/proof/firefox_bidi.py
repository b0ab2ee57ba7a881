"""As much of WebDriver BiDi as a proof needs: open a page, evaluate, press, type, and see its requests.

https://w3c.github.io/webdriver-bidi/
"""

import itertools
import json
import time
from contextlib import suppress
from typing import Any

import websocket

ANSWER_SECONDS = 60.0
KEYS = {"Shift": "\ue008", "Enter": "\ue007", "Tab": "\ue004", "Escape": "\ue00c", "Control": "\ue009"}


class BidiError(RuntimeError):
    """The browser answered with an error, or a script in the page threw."""


class Bidi:
    """A session with a browser at the WebSocket address that it named when it started."""

    def __init__(self, address: str) -> None:
        # Browsers refuse connections that carry an Origin, since those come from web pages.
        self._socket = websocket.create_connection(f"{address}/session", timeout=ANSWER_SECONDS, suppress_origin=True)
        self._numbers = itertools.count(1)
        self.events: list[dict[str, Any]] = []
        self.about: dict[str, Any] = self.call("session.new", capabilities={})["capabilities"]
        self.call("session.subscribe", events=["network.beforeRequestSent", "log.entryAdded"])

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result; events that come meanwhile are kept. Raises BidiError."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == number:
                break
            self.events.append(message)
        if message["type"] == "error":
            raise BidiError(f"{method}: {message['error']}: {message['message']}")
        result: dict[str, Any] = message["result"]
        return result

    def open(self) -> "Tab":
        """Open a new tab in a container of its own, with its own storage."""
        user = self.call("browser.createUserContext")["userContext"]
        return Tab(self, self.call("browsingContext.create", type="tab", userContext=user)["context"], user)

    def close(self) -> None:
        """End the browser, and with it the session."""
        with suppress(BidiError, OSError, websocket.WebSocketException):  # it may have ended already
            self.call("browser.close")
        self._socket.close()


class Tab:
    """A tab. `user` names the container whose storage it has."""

    def __init__(self, bidi: Bidi, context: str, user: str) -> None:
        self.bidi = bidi
        self.context = context
        self.user = user

    def again(self) -> "Tab":
        """Open another tab with the same storage."""
        made = self.bidi.call("browsingContext.create", type="tab", userContext=self.user)
        return Tab(self.bidi, made["context"], self.user)

    def close(self) -> None:
        """Close the tab."""
        self.bidi.call("browsingContext.close", context=self.context)

    def go(self, address: str) -> None:
        """Open an address and wait until it is loaded."""
        self.bidi.call("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression, which may be awaited, as JSON has it. Raises BidiError."""
        source = f"(async () => JSON.stringify((await ({expression})) ?? null))()"
        done = self.bidi.call("script.evaluate", expression=source, awaitPromise=True,
                              target={"context": self.context})
        if done["type"] == "exception":
            raise BidiError(f"{expression}: {done['exceptionDetails']['text']}")
        return json.loads(done["result"]["value"])

    def wait(self, expression: str, seconds: float = 120.0) -> Any:
        """Return the value of an expression once it is true. Raises BidiError with its last value after `seconds`."""
        end = time.monotonic() + seconds
        while not (found := self.evaluate(expression)):
            if time.monotonic() > end:
                raise BidiError(f"still {found!r} after {seconds:g} s: {expression}")
            time.sleep(0.02)
        return found

    def press(self, selector: str, words: str = "") -> None:
        """Press the mouse's button on the one element in sight that a CSS selector and its text name."""
        move = {"type": "pointerMove", "x": 0, "y": 0,
                "origin": {"type": "element", "element": {"sharedId": self._element(selector, words)}}}
        pressing = [move, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._act({"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": pressing})

    def _element(self, selector: str, words: str) -> str:
        """Bring an element into sight and return its name in the protocol. Raises BidiError."""
        source = (f"[...document.querySelectorAll({json.dumps(selector)})].filter((one) => one.checkVisibility() && "
                  f"(!{json.dumps(words)} || one.textContent.trim() === {json.dumps(words)}))")
        found = self.bidi.call("script.evaluate", expression=source, awaitPromise=False,
                               target={"context": self.context})["result"]["value"]
        if len(found) != 1:
            raise BidiError(f"{len(found)} elements in sight are named by {selector} {words!r}")
        name = str(found[0]["sharedId"])
        self.bidi.call("script.callFunction", target={"context": self.context}, awaitPromise=False,
                       functionDeclaration="(one) => one.scrollIntoView({ block: 'center', behavior: 'instant' })",
                       arguments=[{"sharedId": name}])
        return name

    def type(self, text: str) -> None:
        """Type a text into what has the focus; a newline is Enter."""
        keys = [KEYS["Enter"] if letter == "\n" else letter for letter in text]
        self._keys([{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")])

    def chord(self, *keys: str) -> None:
        """Press keys together, such as "Shift", "Enter"."""
        values = [KEYS.get(key, key) for key in keys]
        self._keys([{"type": "keyDown", "value": key} for key in values]
                   + [{"type": "keyUp", "value": key} for key in reversed(values)])

    def _keys(self, actions: list[dict[str, Any]]) -> None:
        self._act({"type": "key", "id": "keyboard", "actions": actions})

    def _act(self, source: dict[str, Any]) -> None:
        self.bidi.call("input.performActions", context=self.context, actions=[source])

    def requests(self) -> list[str]:
        """Return the addresses that this tab has asked for so far."""
        self.bidi.call("session.status")  # what was on its way has now come
        return [event["params"]["request"]["url"] for event in self.bidi.events
                if event["method"] == "network.beforeRequestSent" and event["params"]["context"] == self.context]

    def complaints(self) -> list[str]:
        """Return the errors that this tab's console has shown so far."""
        self.bidi.call("session.status")
        return [str(event["params"]["text"]) for event in self.bidi.events
                if event["method"] == "log.entryAdded" and event["params"]["level"] == "error"
                and event["params"]["source"].get("context") == self.context]
