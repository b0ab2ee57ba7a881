"""The time limit of a step in the page, where no second thread can look at the clock.

A loop that never ends is left at its next turn (sys.monitoring tells each jump), a long `sleep` when the time is up,
and a wait for what never comes at once then. What none of these reaches (a built-in that never returns) the page ends
from outside, with the whole worker.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

TOOL = 4  # one of the six numbers for tools; 0, 1, 2 and 5 are spoken for (sys.monitoring, "Tool identifiers")


class TimeUp(BaseException):
    """The time of a step is over. No `except Exception` holds it."""


class Deadline:
    """The time limit. `passed` says whether it was reached, `line` where the answer at `path` stood then."""

    def __init__(self, folder: Path) -> None:
        self.passed = False
        self.line: int | None = None
        self._folder = str(folder)
        self._path = ""
        self._end = float("inf")
        self._clock, self._sleep = time.monotonic, time.sleep  # bound now, before an answer could replace them

    def install(self) -> None:
        """Look at the clock whenever a program in the folder jumps, or sleeps."""
        monitoring: Any = getattr(sys, "monitoring", None)  # from Python 3.12 on
        if monitoring:
            monitoring.use_tool_id(TOOL, "course.check")
            monitoring.register_callback(TOOL, monitoring.events.JUMP, self._jumped)
            monitoring.set_events(TOOL, monitoring.events.JUMP)
        time.sleep = self.sleep  # type: ignore[assignment]  # whole numbers of other types go through

    @contextmanager
    def watching(self, path: Path, seconds: float) -> Iterator[None]:
        """Limit the block, in which the answer at `path` runs."""
        self.passed, self.line, self._path = False, None, str(path)
        self._end = self._clock() + seconds
        try:
            yield
        finally:
            self._end = float("inf")

    def sleep(self, seconds: float, /) -> None:
        """Stand for `time.sleep`: end it when the time is up."""
        left = self._end - self._clock()
        if not isinstance(seconds, int | float) or not seconds > left:
            self._sleep(seconds)
            return
        self._sleep(max(0.0, left))
        self._stop(sys._getframe(1))

    def wait(self, seconds: float | None) -> None:
        """Wait as an event loop does: without a number, for ever."""
        left = self._end - self._clock()
        if seconds is not None and seconds <= left:
            self._sleep(seconds)
            return
        self._sleep(max(0.0, left))
        self._stop(None)

    def _jumped(self, code: CodeType, offset: int, destination: int) -> object:
        if not code.co_filename.startswith(self._folder):
            return sys.monitoring.DISABLE  # type: ignore[attr-defined]  # from Python 3.12 on
        if self._clock() >= self._end:
            self._stop(sys._getframe(1))
        return None

    def _stop(self, frame: FrameType | None) -> None:
        if not self.passed:
            self.passed, self.line = True, self._line_of(frame)
        raise TimeUp

    def _line_of(self, frame: FrameType | None) -> int | None:
        """Return the innermost line of the answer among this frame and its callers."""
        while frame is not None:
            if frame.f_code.co_filename == self._path:
                return frame.f_lineno
            frame = frame.f_back
        return None
