"""A static server as far away as one likes: so many bits a second for all answers together, and a delay for each."""

import gzip
import threading
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path

from course.proof import browser_server

_PIECE = 16 << 10  # bytes that are sent at once
_TEXT = ("text/", "application/json")  # what a static host compresses by itself


@dataclass(frozen=True)
class Line:
    """`rate` in bits a second, None for as fast as this machine is; `delay` in seconds before each answer."""

    rate: float | None
    delay: float


class _Handler(browser_server.Handler):
    """Answers as a static host does: text compressed, everything to be kept for ten minutes."""

    def __init__(self, *arguments: object, line: Line, turn: threading.Lock, folders: Mapping[str, Path],
                 policy: str) -> None:
        self._line, self._turn = line, turn
        super().__init__(*arguments, folders=folders, policy=policy)

    def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        packed = self._line.rate is not None and kind.startswith(_TEXT)
        body = gzip.compress(body, 6, mtime=0) if packed else body
        time.sleep(self._line.delay)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        for start in range(0, len(body), _PIECE):
            self._pass(body[start:start + _PIECE])

    def _pass(self, piece: bytes) -> None:
        if self._line.rate:
            with self._turn:  # one line for all: pieces of answers that travel together take turns
                time.sleep(len(piece) * 8 / self._line.rate)
        self.wfile.write(piece)


def serve(folders: Mapping[str, Path], line: Line) -> AbstractContextManager[str]:
    """Serve each folder under `/<key>/` over `line`; the context is its address."""
    return browser_server.serve(folders, "", partial(_Handler, line=line, turn=threading.Lock()))
