"""What a lesson is made of: one rule a function, its docstring is what the author reads when it is broken.

A rule returns the places where the lesson breaks it; nothing means it holds.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat

from course.proof.lesson_sections import LINK, Lesson, Section, count_words
from course.proof.markdown import site_only
from course.proof.notebook_files import Fault, code_cells, tags

Rule = Callable[["Lesson"], Iterator[str]]
KNOWN_TAGS = re.compile(r"needs-kernel|raises-exception|nbval-ignore-output|needs-python>=3\.\d+")
ENDING = ("Misconceptions", "Judgement", "In short", "Go further")
FILLER = re.compile(r"\b(simply|just|obviously|of course|basically|needless to say)\b", re.I)
EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")


def opening(lesson: Lesson) -> Iterator[str]:
    """The first cell is the title (`# ...`) and one sentence that says what the reader will be able to build or explain."""
    first = lesson.notebook.cells[0] if lesson.notebook.cells else None
    text = first.source.strip() if first is not None and first.cell_type == "markdown" else ""
    paragraphs = [part for part in text.split("\n\n") if part.strip()]
    if len(paragraphs) != 2 or not paragraphs[0].startswith("# ") or not paragraphs[1].rstrip().endswith("."):
        yield "the first cell"


def metadata(lesson: Lesson) -> Iterator[str]:
    """The notebook's metadata hold `course: {minutes, needs, objectives}` with 3 to 8 objectives, each beginning with a verb."""
    course = lesson.course
    if not isinstance(course.get("minutes"), int) or not 10 <= course["minutes"] <= 120:
        yield "metadata course.minutes"
    if not isinstance(course.get("needs"), list):
        yield "metadata course.needs"
    objectives = course.get("objectives", [])
    if not isinstance(objectives, list) or not 3 <= len(objectives) <= 8:
        yield "metadata course.objectives"
    yield from (f"objective '{text}'" for text in objectives if not re.match(r"[A-Z][a-z]+ ", text))


def order(lesson: Lesson) -> Iterator[str]:
    """The problem comes first, then three to six sections, When it breaks, Misconceptions, (Your turn,) Judgement, In short, Go further."""
    titles = [section.title for section in lesson.sections]
    if not titles or titles[0] != "The problem":
        yield "the first section must be 'The problem'"
    if not 3 <= len(lesson.main) <= 6:
        yield f"{len(lesson.main)} sections stand between 'The problem' and 'When it breaks'"
    ending = [title for title in titles[1 + len(lesson.main):] if title != "Your turn"]
    if [title.split(":")[0] for title in ending] != ["When it breaks", *ENDING]:
        yield f"the lesson ends with {', '.join(ending) or 'nothing'}"


def problem_runs(lesson: Lesson) -> Iterator[str]:
    """The problem is a small program of at most ten lines that fails, surprises or hurts, run before anything is explained."""
    section = lesson.section("The problem")
    code = [cell for cell in section.cells if lesson.runs(cell)] if section else []
    if not code or len(code[0].source.splitlines()) > 10:
        yield "section 'The problem'"


def predicts(lesson: Lesson) -> Iterator[str]:
    """At least two questions stand before an output, directly above the code cell that answers: a quote that begins with **Predict.**, or a cell `predict("lesson/question")`."""
    pairs = list(itertools.pairwise([*lesson.notebook.cells, nbformat.from_dict({"cell_type": "end"})]))
    asked = [cell for cell, after in pairs if lesson.runs(after) and (
             lesson.places(cell, "predict") or (cell.cell_type == "markdown" and "> **Predict.**" in cell.source))]
    if len(asked) < 2:
        yield f"{len(asked)} such questions"
    yield from (f"cell {cell.id} stands above no code cell" for cell, after in pairs
                if lesson.places(cell, "predict") and not lesson.runs(after))


def exercises(lesson: Lesson) -> Iterator[str]:
    """A cell `exercise("lesson/name")` stands under Your turn or ends a section. It, `quiz` and `predict` are a whole cell, without tags, and store no output (while lessons are proven they show nothing)."""
    for section in lesson.sections:
        if section.title == "Your turn":
            continue
        rest = itertools.dropwhile(lambda cell: not lesson.places(cell, "exercise"), section.cells)
        yield from (f"section '{section.title}' goes on after its exercise" for cell in rest
                    if not lesson.places(cell, "exercise") and cell.get("source", "").strip())
    for cell in code_cells(lesson.notebook):
        place = lesson.placing.get(id(cell))
        if place is not None:
            yield from (f"cell {cell.id}, line {line}: {fault}" for line, fault in place.faults)
            if cell.outputs or tags(cell):
                yield f"cell {cell.id} stores an output or has a tag"


def shows(lesson: Lesson) -> Iterator[str]:
    """Each main section runs a cell; at least two sections carry a picture drawn from the run's own data."""
    yield from (f"section '{section.title}' has no code cell" for section in lesson.main
                if not any(map(lesson.runs, section.cells)))
    drawn = [section for section in lesson.sections if any(map(_has_picture, section.cells))]
    if len(drawn) < 2:
        yield f"{len(drawn)} sections with a picture"


def _has_picture(cell: nbformat.NotebookNode) -> bool:
    return any("image/svg+xml" in output.get("data", {}) for output in cell.get("outputs", []))


def size(lesson: Lesson) -> Iterator[str]:
    """A lesson has 12 to 24 code cells (those that place exercises and questions do not count) of at most 15 lines and 82 characters and 1,200 to 2,000 words of prose; a bigger one is two lessons."""
    if not 12 <= len(lesson.code) <= 24:
        yield f"{len(lesson.code)} code cells"
    if not 1200 <= (words := count_words(lesson.prose)) <= 2000:
        yield f"{words} words"
    yield from (f"cell {cell.id} has {len(cell.source.splitlines())} lines" for cell in lesson.code
                if len(cell.source.splitlines()) > 15)
    yield from (f"cell {cell.id} has a line of {len(line)} characters" for cell in lesson.code
                for line in cell.source.splitlines() if len(line) > 82)  # what the page shows without scrolling


def sums_up(lesson: Lesson) -> Iterator[str]:
    """In short has one line for each objective; Go further has at most four links, each with why."""
    short, further = lesson.section("In short"), lesson.section("Go further")
    lines = _items(short)
    if len(lines) != len(lesson.course.get("objectives", [])):
        yield f"{len(lines)} lines in 'In short' for {len(lesson.course.get('objectives', []))} objectives"
    links = _items(further)
    if not 1 <= len(links) <= 4:
        yield f"{len(links)} links in 'Go further'"
    yield from (f"'{line[:40]}...'" for line in links if not re.match(r"\[[^\]]+\]\(https://[^)]+\).{12,}", line))


def _items(section: Section | None) -> list[str]:
    return re.findall(r"^[-*] (.+)$", section.prose, re.M) if section else []


def plain_markdown(lesson: Lesson) -> Iterator[str]:
    """Notebook Markdown is plain CommonMark: no roles, directives or colon fences, so that it reads the same in every tool."""
    yield from (f"'{found[:30]}'" for cell in lesson.notebook.cells if cell.cell_type == "markdown"
                for _, found in site_only(cell.source))


def plain_words(lesson: Lesson) -> Iterator[str]:
    """No filler (simply, just, obviously, of course, basically), no emoji, no link called 'here'."""
    text = re.sub(r"`[^`]*`", "", lesson.prose)
    yield from (f"'{found.group()}'" for pattern in (FILLER, EMOJI) for found in pattern.finditer(text))
    yield from (f"[{label}]({target})" for label, target in LINK.findall(text)
                if label.lower() in {"here", "link", "this", "this page"})


def no_magics(lesson: Lesson) -> Iterator[str]:
    """The page has no IPython: no magics, no shell escapes, no display(); end a cell with print or an object that draws itself."""
    yield from (f"cell {cell.id}" for cell in lesson.code
                if re.search(r"^\s*[%!]\w|^\s*display\(|get_ipython", cell.source, re.M))


def no_author_notes(lesson: Lesson) -> Iterator[str]:
    """The quotes that begin with **Author.** are for whoever writes the lesson: do what each asks, then take it out."""
    yield from (f"cell {cell.id}" for cell in lesson.notebook.cells
                if cell.cell_type == "markdown" and "> **Author.**" in cell.source)


def known_tags(lesson: Lesson) -> Iterator[str]:
    """A code cell's tags are needs-kernel, raises-exception, nbval-ignore-output or needs-python>=3.N."""
    yield from (f"cell {cell.id}: {tag}" for cell in lesson.code for tag in tags(cell) if not KNOWN_TAGS.fullmatch(tag))


RULES: tuple[Rule, ...] = (opening, metadata, order, problem_runs, predicts, exercises, shows, size, sums_up,
                           plain_markdown, plain_words, no_magics, no_author_notes,
                           known_tags)


def faults(path: Path, notebook: nbformat.NotebookNode) -> list[Fault]:
    """Return where the notebook at `path` is not built as a lesson, with the rule that says how to repair it."""
    lesson = Lesson(path, notebook)
    return [Fault(path, place, str(rule.__doc__)) for rule in RULES for place in rule(lesson)]
