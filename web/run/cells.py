"""Run cells in the page as IPython runs them on a machine.

Top-level await, the value of the last expression shown, an error that ends its cell and nothing else.
Only the standard library: this file runs inside Pyodide, and in CPython where its tests run.
"""

import __future__

import ast
import asyncio
import base64
import io
import json
import linecache
import sys
import time
import tokenize
import traceback
from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any

FUTURES = sum({getattr(__future__, name).compiler_flag for name in __future__.all_feature_names})
# The display methods that IPython asks, beside `_repr_mimebundle_`.
# https://ipython.readthedocs.io/en/stable/config/integrating.html#custom-methods
METHODS = {"text/html": "_repr_html_", "text/markdown": "_repr_markdown_", "image/svg+xml": "_repr_svg_",
           "image/png": "_repr_png_", "image/jpeg": "_repr_jpeg_", "text/latex": "_repr_latex_",
           "application/json": "_repr_json_"}
WINDOW = 0.05    # seconds
AT_ONCE = 20     # lines sent singly in one window; further ones travel together
LARGEST = 65536  # characters held back at most


class Outbox:
    """Send what cells write, in order, in as few messages as a burst allows.

    `emit` receives each message as a JSON text. There are no threads in the page, so nothing can send
    while a cell computes: the first lines of a window go at once, so that a slow cell shows its progress.
    """

    def __init__(self, emit: Callable[[str], object]) -> None:
        self._emit = emit
        self._held: list[str] = []
        self._name = ""
        self._size = 0
        self._window = 0.0
        self._sent = 0

    def write(self, name: str, text: str) -> None:
        """Add text to the stream `name` ("stdout" or "stderr")."""
        if name != self._name:
            self.flush()
            self._name = name
        self._held.append(text)
        self._size += len(text)
        if self._size > LARGEST or ("\n" in text and self._may_send()):
            self.flush()

    def _may_send(self) -> bool:
        now = time.monotonic()
        if now - self._window > WINDOW:
            self._window, self._sent = now, 0
        self._sent += 1
        if self._sent == AT_ONCE + 1:  # what a cell wrote before it waits is shown while it waits
            _later(self.flush)
        return self._sent <= AT_ONCE

    def flush(self) -> None:
        """Send what is held back."""
        if self._held:
            text = "".join(self._held)
            self._held, self._size = [], 0
            self.send("stream", name=self._name, text=text)

    def send(self, kind: str, **fields: object) -> None:
        """Send a message of the given kind after everything written so far."""
        self.flush()
        self._emit(json.dumps({"type": kind, **fields}, default=_encoded))


def _encoded(value: object) -> str:
    """Return bytes of an image as a notebook stores them. Raises TypeError for what is not bytes."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"a display holds a {type(value).__name__}; only text, bytes and JSON can be shown")


def _later(action: Callable[[], None]) -> None:
    try:
        asyncio.get_running_loop().call_later(WINDOW, action)
    except RuntimeError:  # no loop runs: the end of the cell flushes
        return


class Stream(io.TextIOBase):
    """Stand for `sys.stdout` or `sys.stderr`."""

    encoding = "utf-8"

    def __init__(self, name: str, outbox: Outbox) -> None:
        self.name = f"<{name}>"
        self._stream = name
        self._outbox = outbox

    def writable(self) -> bool:
        """Return True: the stream takes text."""
        return True

    def write(self, text: str) -> int:
        """Write text and return its length; raise TypeError for anything else."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outbox.write(self._stream, text)
        return len(text)

    def flush(self) -> None:
        """Send what is held back."""
        self._outbox.flush()


class Cells:
    """The cells of one notebook, run one after the other in one namespace.

    `namespace` is the `__dict__` of `__main__`; `outbox` takes the messages display and error.
    """

    def __init__(self, namespace: dict[str, Any], outbox: Outbox) -> None:
        self._namespace = namespace
        self._outbox = outbox
        self._flags = 0
        self._names: set[str] = set()

    async def run(self, source: str, name: str) -> bool:
        """Run one cell whose code carries the file name `name`; return whether it ended without an error."""
        self._names.add(name)
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        try:
            value = None
            for code in self._compile(source, name):
                value = await self._execute(code)
            if value is not None and not is_quiet(source):
                data, metadata = bundle(value)
                self._outbox.send("display", data=data, metadata=metadata)
        except BaseException as error:  # SystemExit and KeyboardInterrupt end the cell, never the worker
            sys.last_type, sys.last_value, sys.last_traceback = type(error), error, error.__traceback__
            self._outbox.send("error", name=type(error).__name__, message=_text(error),
                              traceback=self._traceback(error))
            return False
        finally:
            self._outbox.flush()
        return True

    def _compile(self, source: str, name: str) -> list[CodeType]:
        """Return the code of the statements and, where the cell ends in an expression, the code of that."""
        flags = self._flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        tree = compile(source, name, "exec", flags | ast.PyCF_ONLY_AST, dont_inherit=True)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        parts: list[CodeType] = [compile(tree, name, "exec", flags, dont_inherit=True)]
        self._flags |= parts[0].co_flags & FUTURES  # `from __future__ import ...` holds in later cells too
        if last is not None:
            expression = ast.Expression(last.value)
            parts.append(compile(expression, name, "eval", flags | self._flags, dont_inherit=True))
        return parts

    async def _execute(self, code: CodeType) -> Any:
        value = eval(code, self._namespace)
        return await value if code.co_flags & 0x80 else value  # 0x80: inspect.CO_COROUTINE

    def _traceback(self, error: BaseException) -> str:
        """Format the error from the cell's own frame on: the frames of this file say nothing to the reader."""
        frame = error.__traceback__
        while frame is not None and frame.tb_frame.f_code.co_filename not in self._names:
            frame = frame.tb_next
        return "".join(traceback.format_exception(type(error), error, frame))


def is_quiet(source: str) -> bool:
    """Tell whether a cell ends in `;`, which hides the value of its last expression, as in IPython."""
    skipped = (tokenize.ENDMARKER, tokenize.NEWLINE, tokenize.NL, tokenize.COMMENT)
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    spoken = [token.string for token in tokens if token.type not in skipped]
    return bool(spoken) and spoken[-1] == ";"


def bundle(value: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a notebook stores of a value: its data by MIME type, and the metadata beside it."""
    data, metadata = _own_bundle(value)
    data.setdefault("text/plain", _plain(value))
    for mime, method in METHODS.items():
        if mime not in data and (shown := _call(value, method)) is not None:
            data[mime] = shown
    return data, metadata


def _own_bundle(value: object) -> tuple[dict[str, Any], dict[str, Any]]:
    made = _call(value, "_repr_mimebundle_", include=None, exclude=None)
    data, metadata = made if isinstance(made, tuple) else (made, {})
    return dict(data if isinstance(data, Mapping) else {}), dict(metadata)


def _call(value: object, method: str, **arguments: object) -> Any:
    if isinstance(value, type) or not callable(call := getattr(type(value), method, None)):
        return None  # a class has the method, but it is its instances that it shows
    return call(value, **arguments)


def _plain(value: object) -> str:
    kind = type(value)
    if kind.__repr__ is object.__repr__:  # IPython leaves out the word "object" here
        name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
        return f"<{name} at {id(value):#x}>"
    return repr(value)


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "<exception str() failed>"
