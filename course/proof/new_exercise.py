"""Start an exercise or a quiz from the template's, which are sound: what is left to write is marked in each file.

The proof refuses a file in which a mark is left (`MARK`), and names its line.
"""

import shutil
from pathlib import Path

from course.check.exercise import SLUG, addresses

MARK = "AUTHOR:"
TEMPLATE = Path("exercises") / "template_lesson"
EXERCISE = TEMPLATE / "own_list"
NOTES = {
    "task.md": "a story in two sentences, what to write, numbered tasks, one example (it is run), and the front matter",
    "solution.py": "an answer worth reading; between the marks stands what the learner writes",
    "checks.py": "a function a behaviour; the sentence says what was tried, with its values",
    "hints.md": "each says more than the one before; the last is nearly the code",
    "wrong": "an answer that a learner would write, with one mistake; the file is named for the check that catches it",
    "right": "another right answer, in another style",
    "quiz.md": "a question a misconception; each wrong answer is what somebody believes, and its feedback teaches",
}


class NewExerciseError(ValueError):
    """It cannot be started; the message says why and what to do."""


def start_exercise(root: Path, address: str) -> Path:
    """Copy the template's exercise to `exercises/<lesson>/<name>` and mark what to replace; return the folder.

    Nothing is overwritten. Raises NewExerciseError.
    """
    lesson, _, name = address.removeprefix("exercises/").strip("/").partition("/")
    if not SLUG.fullmatch(lesson) or not SLUG.fullmatch(name):
        raise NewExerciseError(f"{address}: an exercise's address is <lesson>/<name>, both in snake_case")
    _refuse_unknown_lesson(root, lesson)
    folder = root / "exercises" / lesson / name
    if folder.exists():
        raise NewExerciseError(f"{folder.relative_to(root)} exists already: choose another name")
    shutil.copytree(root / EXERCISE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        _mark(path, NOTES[path.name] if path.name in NOTES else NOTES[path.parent.name])
    return folder


def start_quiz(root: Path, lesson: str) -> Path:
    """Copy the template's quiz to `exercises/<lesson>/quiz.md` and mark it; return it. Raises NewExerciseError."""
    if not SLUG.fullmatch(lesson):
        raise NewExerciseError(f"{lesson}: a quiz belongs to a lesson: name it in snake_case, without a folder")
    _refuse_unknown_lesson(root, lesson)
    path = root / "exercises" / lesson / "quiz.md"
    if path.exists():
        raise NewExerciseError(f"{path.relative_to(root)} exists already: add your questions there")
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(root / TEMPLATE / "quiz.md", path)
    _mark(path, NOTES["quiz.md"])
    return path


def author_notes(path: Path) -> list[str]:
    """Return a fault for each line of a file in which a mark of the template is left."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return [f"{path}:{number}: this is still the template's: {line.partition(MARK)[2].strip()}; write it, then take "
            "the line out" for number, line in enumerate(lines, 1) if MARK in line]


def next_steps(made: str) -> str:
    """Return what the author does next, a line a step; `made` is the path of the folder or file from the root."""
    made = made.removeprefix("exercises/").removesuffix("/quiz.md")
    lesson, _, name = made.partition("/")
    place = f'exercise("{made}")' if name else f'quiz("{lesson}/<question>")'
    return "\n".join((
        f"1. Replace what is there: each file says at its line `{MARK}` what it wants; take that line out",
        f"2. See what is missing: python3 noxfile.py -s course -- prove {made}",
        f"3. Place it, a cell in the lesson's notebook: {place}",
    ))


def _refuse_unknown_lesson(root: Path, lesson: str) -> None:
    pages = (page for home in ("tiers", "roadmap", "cheatsheets") for page in (root / home).rglob(f"{lesson}.*"))
    known = {address.partition("/")[0] for address in addresses(root)}
    if next(pages, None) is None and lesson not in known:
        raise NewExerciseError(f"no page is called {lesson}: begin the lesson first "
                               f"(python3 noxfile.py -s course -- new lesson tiers/<tier>/{lesson})")


def _mark(path: Path, note: str) -> None:
    """Write the author's note where it does not change what the file means."""
    lines = path.read_text(encoding="utf-8").splitlines()
    head = {"task.md": "---", "hints.md": "", "quiz.md": ""}.get(path.name)  # the line that the note goes under
    if head is not None:
        place, note = lines.index(head, 1) + 1, f"{MARK} {note}\n"
    else:
        place, note = (2 if path.parent.name == "wrong" else 1), f"# {MARK} {note}"
    if path.name == "quiz.md":
        lines.pop(place)  # a quiz has room for one line of introduction
    path.write_text("\n".join([*lines[:place], note, *lines[place:]]) + "\n", encoding="utf-8", newline="\n")
