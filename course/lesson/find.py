"""Where the course is, and the exercise or question that a cell names."""

import os
from pathlib import Path

from course import repository
from course.check import predict_answer, quiz
from course.check.exercise import Exercise, load
from course.check.quiz import Question

ANSWERS = Path("build") / "predict"  # what the programs of `predict` questions print


class LessonError(ValueError):
    """What a cell asks for does not exist; the message says what there is."""


def course() -> Path:
    """Return the root of the course: above the working directory, else above the notebook, which Jupyter names.

    Raises FileNotFoundError outside the course.
    """
    try:
        return repository.root()
    except FileNotFoundError:
        notebook = _notebook()
        if notebook is None:
            raise
        return repository.root(notebook.parent)


def notebook_folder(root: Path) -> Path:
    """Return the folder of the notebook, from which its links start; without Jupyter's word, the working directory."""
    notebook = _notebook()
    return notebook.parent if notebook and notebook.is_relative_to(root) else Path.cwd()


def _notebook() -> Path | None:
    """Return the file of the notebook. jupyter-server gives it to its kernels; VS Code and nbclient do not."""
    name = os.environ.get("JPY_SESSION_NAME", "")
    path = Path(name).resolve() if name else None
    return path if path and path.suffix == ".ipynb" and path.is_file() else None


def exercise(root: Path, address: str) -> Exercise:
    """Return the exercise `<lesson>/<name>`. Raises ExerciseError."""
    return load(root, address)


def question(root: Path, address: str) -> Question:
    """Return the question `<lesson>/<question>`, that of `predict` without its answer.

    Raises LessonError when there is none, QuizError when the lesson's quiz is broken.
    """
    lesson, _, name = address.partition("/")
    path = root / "exercises" / lesson / "quiz.md"
    if not lesson or not path.is_file():
        raise LessonError(f"there is no question {address!r}: it would be in {path}")
    try:
        return quiz.parse(path.read_text(encoding="utf-8"), path).question(name)
    except LookupError as error:
        raise LessonError(str(error.args[0])) from None


def answerable(root: Path, address: str) -> Question:
    """Return the question with its right answers: the program of a `predict` question runs when it is not known yet.

    Raises as `question` does.
    """
    found = question(root, address)
    path = root / "exercises" / address.partition("/")[0] / "quiz.md"
    return predict_answer.answered(quiz.Quiz(path, "", "", (found,)), root / ANSWERS).questions[0]


def in_progress(address: str) -> str:
    """Return the address of a question in the progress document."""
    lesson, _, name = address.partition("/")
    return f"{lesson}/quiz/{name}"
