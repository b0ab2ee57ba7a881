"""What can go wrong while a reader works, each told in one sentence."""

import errno

from course.check.cut import CutError
from course.check.exercise import ExerciseError
from course.check.quiz import QuizError
from course.check.runner import ChecksError
from course.lesson.find import LessonError
from course.services.child import ServiceError

FAULTS = (ExerciseError, CutError, QuizError, ChecksError, ServiceError, LessonError, OSError, UnicodeDecodeError,
          KeyboardInterrupt)
_REMEDIES = {errno.ENOSPC: "free some space", errno.EROFS: "make it writable", errno.EACCES: "allow it to be used",
             errno.EPERM: "allow it to be used", errno.ENOTDIR: "move the file away that stands in place of a folder",
             errno.EEXIST: "move away what stands there"}


def sentence(error: BaseException) -> str:
    """Return what a reader is told about one of FAULTS: what is wrong, where, and what to do."""
    if isinstance(error, KeyboardInterrupt):
        return "Stopped before it was finished. Press the button, or run the cell, again."
    if isinstance(error, OSError) and error.strerror:
        where = f" ({error.filename})" if error.filename else ""
        remedy = _REMEDIES.get(error.errno or 0, "repair that")
        return f"{error.strerror}{where}: {remedy}, then try again."
    told = _first_line(str(error))
    if isinstance(error, ChecksError):
        return f"The checks of this exercise are broken, which is not your fault. {told}"
    if isinstance(error, QuizError):
        return f"The quiz of this lesson is broken, which is not your fault. {told}"
    return told[:1].upper() + told[1:]


def _first_line(text: str) -> str:
    """Return the first line, with a full stop."""
    line = text.strip().partition("\n")[0].rstrip(" :")
    return line if line.endswith((".", "?", "!")) else f"{line}."
