"""What an answer prints in the page, kept up to a limit."""

import contextlib
import io
import sys
from collections.abc import Iterator
from typing import Any

from course.check.steps import LOUDEST


class TooLoud(BaseException):
    """More was printed than is kept. No `except Exception` holds it."""


class Paper(io.RawIOBase):
    """Takes what is written to `sys.stdout` and `sys.stderr`; `full` says that it was too much."""

    def __init__(self) -> None:
        super().__init__()
        self.full = False
        self._written = bytearray()

    def writable(self) -> bool:
        """Return True: it takes bytes."""
        return True

    def write(self, content: Any) -> int:
        """Keep bytes. Raises TooLoud."""
        if len(self._written) <= LOUDEST:
            self._written += content
        if len(self._written) > LOUDEST:
            self.full = True
            raise TooLoud
        return len(content)

    def text(self) -> str:
        """Return what was written."""
        return self._written.decode(errors="replace")

    @contextlib.contextmanager
    def instead_of_the_screen(self) -> Iterator[None]:
        """Take what is printed within the block."""
        before = sys.stdout, sys.stderr
        mine = [io.TextIOWrapper(self, "utf-8", errors, write_through=True)  # type: ignore[type-var]
                for errors in ("surrogateescape", "backslashreplace")]
        sys.stdout, sys.stderr = mine
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before
            for stream in mine:
                with contextlib.suppress(ValueError, TooLoud):  # an answer may have closed it
                    stream.detach()
