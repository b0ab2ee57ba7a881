"""Compute the right answer of a `predict` question: run its program, and take what it prints."""

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

from course.check.quiz_model import Fault, Option, Question, Quiz, QuizError
from course.check.quiz_rules import output

SECONDS = 10.0
LARGEST = 20_000  # bytes of output: more than anyone would read before answering
# Runs the program as a script, and says the class of an exception that leaves it: its message and its traceback differ
# between Pythons. What it writes to stderr is not part of the answer.
_DRIVER = """\
import runpy, sys
try:
    runpy.run_path(sys.argv[1], run_name="__main__")
except BaseException as error:
    print("raises", type(error).__name__)
"""


class PredictError(ValueError):
    """A program whose output cannot be an answer; the message says why and what to do."""


def answered(quiz: Quiz, cache: Path | None = None, seconds: float = SECONDS) -> Quiz:
    """Return the quiz with the right option of each `predict` question added: what its program prints.

    The explanation becomes the feedback of that option.
    `cache` is a folder for the outputs (the course uses `build/predict/`); without it each program runs anew. Raises
    QuizError for a program that cannot be answered, and for a distractor that is in truth right.
    """
    questions: list[Question] = []
    faults: list[Fault] = []
    for question in quiz.questions:
        if question.kind != "predict" or any(option.right for option in question.options):
            questions.append(question)
            continue
        try:
            truth = answer(question.program, cache, seconds)
        except PredictError as error:
            faults.append(Fault(quiz.path, question.line, f"'{question.name}': {error}"))
            continue
        faults += [Fault(quiz.path, option.line, f"this is what the program of '{question.name}' prints; make it a "
                                                 "wrong output, or take it out")
                   for option in question.options if option.text == truth]
        right = Option(truth, True, question.explanation, question.line)
        questions.append(replace(question, options=(*question.options, right), explanation=""))
    if faults:
        raise QuizError(faults)
    return replace(quiz, questions=tuple(questions))


def answer(code: str, cache: Path | None = None, seconds: float = SECONDS) -> str:
    """Return what the program prints, and `raises <class>` as its last line when an exception leaves it.

    Spaces at line ends and empty lines at the end are cut. `seconds` limits each of the two runs that a program gets
    when the cache does not know it. Raises PredictError when the program prints nothing, too much or not the same
    twice, takes too long, or ends with a status.
    """
    kept = cache / f"{_key(code)}.json" if cache else None
    if kept and (known := _recall(kept)) is not None:
        return known
    first, second = (_printed(code, seconds) for _ in range(2))
    if first != second:
        raise PredictError("two runs of the program printed different things; take out what varies (times, addresses, "
                           "the order of a set)")
    if not first:
        raise PredictError("the program prints nothing; print what the question is about")
    if kept:
        _keep(kept, first)
    return first


def _key(code: str) -> str:
    """Name a program on this Python: the driver counts too, because it shapes the output."""
    parts = [f"{sys.version_info.major}.{sys.version_info.minor}", _DRIVER, code]
    return _digest("\0".join(parts))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _recall(path: Path) -> str | None:
    """Return a kept output; None when there is none, or when the file is not exactly what was written."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        text, digest = kept["output"], kept["sha256"]
        return text if isinstance(text, str) and _digest(path.stem + text) == digest else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _keep(path: Path, text: str) -> None:
    """Keep an output, whole or not at all. A folder that cannot be written costs time at the next build, no more."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        data = json.dumps({"output": text, "sha256": _digest(path.stem + text)})
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(data)
        try:
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)


def _printed(code: str, seconds: float) -> str:
    """Run the program once, in an empty folder of its own, and return what it printed."""
    with tempfile.TemporaryDirectory(prefix="predict_", ignore_cleanup_errors=True) as folder:
        script = Path(folder) / "question.py"
        script.write_text(code, encoding="utf-8")
        process = subprocess.Popen([sys.executable, "-I", "-X", "utf8", "-c", _DRIVER, str(script)],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   cwd=folder, start_new_session=True)
        too_late = threading.Event()
        timer = threading.Timer(seconds, _stop, (process, too_late))
        timer.start()
        try:
            return _read(process, too_late, seconds)
        finally:
            timer.cancel()
            timer.join()
            if process.poll() is None:
                _kill(process)
            process.wait()


def _read(process: subprocess.Popen[bytes], too_late: threading.Event, seconds: float) -> str:
    assert process.stdout is not None  # it is a pipe
    with process.stdout:
        printed = process.stdout.read(LARGEST + 1)  # ends when the last process that holds the pipe does
        if len(printed) > LARGEST:
            raise PredictError(f"the program prints more than {LARGEST:,} bytes; print less")
        status = process.wait()
    if too_late.is_set():
        raise PredictError(f"the program ran for more than {seconds:g} s; make it end sooner")
    if status != 0:
        raise PredictError(f"the program ended with status {status}; let it end by itself or by an exception")
    return output(printed.decode("utf-8", "replace"))


def _stop(process: subprocess.Popen[bytes], too_late: threading.Event) -> None:
    too_late.set()
    _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the program and what it started: they all hold the pipe that is read."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
