"""A learner's answer in `work/`, as a page reads and writes it: whole texts with a tag that tells them apart."""

import contextlib
import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from course.check import work
from course.check.exercise import Exercise

LARGEST = 1 << 20  # bytes of an answer


class AnswerError(ValueError):
    """The file cannot be shown or written; the message says why and what to do."""


@dataclass(frozen=True)
class Answer:
    """The text of one answer; `tag` changes with it, `exists`: there is a file with it, not only the starter."""

    text: str
    tag: str
    exists: bool


class Changed(Exception):
    """The file holds another text than the page knew: `now`."""

    def __init__(self, now: Answer) -> None:
        super().__init__("the file was changed")
        self.now = now


def read(root: Path, exercise: Exercise) -> Answer:
    """Return the learner's text; the starter when there is no file yet. Raises AnswerError, OSError."""
    path = inside(root, exercise)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Answer(exercise.starter, _tag(exercise.starter.encode()), False)
    name = path.relative_to(root.resolve()).as_posix()
    if len(data) > LARGEST:
        raise AnswerError(f"{name} is larger than {LARGEST >> 20} MB: make it smaller in an editor")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AnswerError(f"{name} is not UTF-8 text ({error.reason} at byte {error.start}): "
                          "save it as UTF-8 in an editor") from None
    return Answer(text.replace("\r\n", "\n"), _tag(data), True)


def write(root: Path, exercise: Exercise, text: str, known: str) -> Answer:
    """Replace the text that has the tag `known`; return the new one. Raises Changed, AnswerError, OSError.

    An editor may write in the moment between the comparison and the replacement: its text is then lost. No file
    system of all three platforms knows a replacement under a condition.
    """
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise AnswerError(f"the text holds half a character at position {error.start}: take it out") from None
    if len(data) > LARGEST:
        raise AnswerError(f"an answer may have {LARGEST >> 20} MB at most")
    path = inside(root, exercise)
    now = read(root, exercise)
    if known not in (now.tag, "*"):
        raise Changed(now)
    work.prepare(root, exercise)
    if text != now.text:
        _replace(path, data)
    return read(root, exercise)


def inside(root: Path, exercise: Exercise) -> Path:
    """Return the path of the learner's file. Raises AnswerError when a link leads it out of `work/`."""
    path = work.answer_path(root, exercise).resolve()
    if not path.is_relative_to((root / work.FOLDER).resolve()):
        raise AnswerError(f"{work.FOLDER}/{exercise.address}{exercise.suffix} is a link that leads out of "
                          f"{work.FOLDER}/: put a file in its place")
    return path


def _replace(path: Path, data: bytes) -> None:
    """Write an existing file anew, whole or not at all; who may read it stays as it was."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        shutil.copymode(path, name)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _tag(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'
