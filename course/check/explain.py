"""An exception, told to the learner: what was raised, at which of their lines; never a traceback of ours."""

import linecache
import re
import traceback
from pathlib import Path

from course.check.kit import Failure

CALL = re.compile(r"(?:\w+\.)*(\w+)\(\) (?:takes|missing|got)")  # as Python words a call that does not fit
NOTES = {
    "SystemExit": "The check needs your code to go on: return a value, or raise another exception.",
    "EOFError": "During a check nobody types, so `input()` has nothing to read.",
    "RecursionError": "The function calls itself without an end.",
    "MemoryError": "Your code asks for more memory than a check may use.",
}


def of_answer(error: BaseException, path: Path) -> Failure | None:
    """Return the failure for an exception that passed through the answer at `path`, or None when it did not."""
    if isinstance(error, SyntaxError) and error.filename and _inside(error.filename, path):
        return Failure(f"{type(error).__name__} in line {error.lineno}: {error.msg}: "
                       f"`{(error.text or '').strip()}`", line=error.lineno)
    frames = [frame for frame in _frames(error) if _inside(frame.filename, path)]
    if not frames:
        return _of_call(error, path)
    last = frames[-1]
    note = NOTES.get(type(error).__name__, "")
    return Failure(f"Your code raises {_named(error)} in line {last.lineno}: `{(last.line or '').strip()}`"
                   + (f". {note}" if note else ""), line=last.lineno)


def _of_call(error: BaseException, path: Path) -> Failure | None:
    """Return the failure for a function of the answer that does not take the arguments it is called with."""
    name = CALL.match(str(error)) if type(error) is TypeError and path.is_file() else None
    if name is None or f" {name[1]}" not in path.read_text(encoding="utf-8", errors="replace"):
        return None
    return Failure(f"`{name[1]}` cannot be called like this: {error}")


def of_check(error: BaseException, checks: Path) -> str:
    """Say why a check could not be finished although no line of the answer raised."""
    frames = [frame for frame in _frames(error) if frame.filename == str(checks)]
    if not frames:
        return f"The check could not be finished: {_named(error)}"
    last = frames[-1]
    return (f"The check could not go on with what your code gave it: {_named(error)} at `{(last.line or '').strip()}` "
            f"({checks.name}, line {last.lineno})")


def too_slow(seconds: float, line: int | None, path: Path) -> Failure:
    """Return the failure of a check whose time is up; `line` is where the answer stood."""
    where = "none of its lines was running: it waited for something that did not come"
    if line:
        linecache.checkcache(str(path))  # a learner saves the file again between two checks
        where = f"it was in line {line}: `{linecache.getline(str(path), line).strip()}`"
    return Failure(f"It took longer than {seconds:g} seconds. When it was stopped, {where}.", line=line)


def stopped(seconds: float) -> Failure:
    """Return the failure of a check whose time is up when nobody could see where the answer stood."""
    return Failure(f"It took longer than {seconds:g} seconds, so it was stopped: "
                   "does it wait, or count, without an end?")


def running_line(dump: str, path: Path) -> int | None:
    """Return the line of the answer in what `faulthandler` wrote, which begins with the innermost frame."""
    for line in dump.splitlines():
        name, _, rest = line.strip().removeprefix('File "').partition('", line ')
        number = rest.split(" ")[0]
        if number.isdigit() and _inside(name, path):
            return int(number)
    return None


def waiting_line(error: BaseException, path: Path) -> int | None:
    """Return the line of the answer at whose `await` a cancelled coroutine stood; `error` is the TimeoutError."""
    cancelled = error.__cause__ or error.__context__
    frames = _frames(cancelled) if cancelled else []
    return next((frame.lineno for frame in reversed(frames) if _inside(frame.filename, path)), None)


def _frames(error: BaseException) -> traceback.StackSummary:
    """Return the frames of a traceback; lines are read when they are asked for: in a page, ours are not at hand."""
    return traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False)


def _inside(filename: str, path: Path) -> bool:
    file = Path(filename)
    return file == path or (path.is_dir() and file.is_relative_to(path))


def _named(error: BaseException) -> str:
    try:
        text = str(error)
    except BaseException:
        text = "(its text cannot be shown)"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
