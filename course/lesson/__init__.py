"""What a notebook imports: `exercise`, `quiz` and `predict`. Each shows itself; a cell holds the call and no more.

While the lessons are proven (`COURSE_PROOF=1`) and in the browser they show nothing, so that the stored output is empty
everywhere; the proof still demands that what they name exists.
"""

import os
import sys

__all__ = ["exercise", "predict", "quiz"]


def exercise(address: str) -> None:
    """Show the exercise `<lesson>/<name>`: its statement, the file to edit, and buttons that check it.

    Running the cell again checks the file once it was edited. Raises ExerciseError while lessons are proven, when there
    is no such exercise; for a reader that is a sentence in the output.
    """
    if _in_browser():
        return
    if _in_proof():
        from course.lesson import find
        find.exercise(find.course(), address)
        return
    from course.lesson import exercise_cell
    exercise_cell.show(address)


def quiz(address: str, answer: str | None = None) -> None:
    """Show the question `<lesson>/<question>`, to be answered here.

    `answer` answers it where the editor shows no buttons: letters (`"B"`, `"AC"`, in order `"CAB"`), or the text to
    type. Raises LessonError or QuizError while lessons are proven, when there is no such question.
    """
    _question(address, answer, predicts=False)


def predict(address: str, answer: str | None = None) -> None:
    """Show a question as `quiz` does, to be answered before the next cell is run. Raises as `quiz` does."""
    _question(address, answer, predicts=True)


def _question(address: str, answer: str | None, predicts: bool) -> None:
    if _in_browser():
        return
    if _in_proof():
        from course.lesson import find
        find.question(find.course(), address)
        return
    from course.lesson import quiz_cell
    quiz_cell.show(address, answer, predicts)


def _in_proof() -> bool:
    return os.environ.get("COURSE_PROOF") == "1"


def _in_browser() -> bool:
    """Whether this is Python in a page: the exercises are not there, and the page shows them itself."""
    return sys.platform == "emscripten"
