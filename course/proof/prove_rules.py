"""What an exercise must hold as a whole, so that its checks can be trusted: each rule yields a line for each fault."""

import ast
from collections.abc import Callable, Iterator

from course.check.exercise import Exercise
from course.check.lab import Lab
from course.proof.findings import Findings
from course.proof.markdown import site_only
from course.proof.new_exercise import author_notes
from course.proof.trials import statement, tidy

FEWEST_WRONG = 2


def _suffix(task: Exercise | Lab) -> str:
    """Return what the names of wrong answers end with."""
    return ".patch" if isinstance(task, Lab) else task.suffix


def enough_wrong(found: Findings) -> Iterator[str]:
    """One wrong answer may be caught by luck."""
    if len(found.wrong) < FEWEST_WRONG:
        yield (f"{found.task.folder / 'wrong'}: {len(found.wrong)} wrong answers; write at least {FEWEST_WRONG}, "
               "mistakes that learners make")


def every_check_is_needed(found: Findings) -> Iterator[str]:
    """A check that no wrong answer needs may as well check nothing."""
    named = {trial.promise.caught_by for trial in found.wrong if trial.promise}
    yield from (f"{found.task.checks}: no wrong answer is caught by `{check.id}`; "
                f"add wrong/{check.id}{_suffix(found.task)}, or take the check out"
                for check in found.checks if check.id not in named)


def points_add_up(found: Findings) -> Iterator[str]:
    """The points that a learner is promised are those that the checks give."""
    if found.checks and (total := sum(check.points for check in found.checks)) != found.task.points:
        yield f"{found.page}: `points: {found.task.points}`, and the checks give {total}; write `points: {total}`"


def hints_exist(found: Findings) -> Iterator[str]:
    """A check points at a hint that there is: as written in checks.py, and as seen in the results."""
    seen = {check.hint for outcome in found.outcomes if outcome.result for check in outcome.result.checks}
    written = set()
    if found.checks:
        calls = (node for node in ast.walk(ast.parse(found.task.checks.read_bytes())) if isinstance(node, ast.Call))
        written = {word.value.value for call in calls for word in call.keywords
                   if word.arg == "hint" and isinstance(word.value, ast.Constant)}
    known = range(1, len(found.task.hints) + 1)
    for number in sorted((hint for hint in seen | written if isinstance(hint, int) and hint not in known), key=int):
        yield (f"{found.task.checks}: a check points at hint {number}, and hints.md has {len(found.task.hints)}; "
               "correct the number or write the hint")


def plain_markdown(found: Findings) -> Iterator[str]:
    """A statement reads the same on the page, in Jupyter, in a terminal and on a code host."""
    advice = "write plain Markdown, which every reader's tool shows"
    yield from (f"{found.page}:1: the title has '{text[:30]}', which only the site understands; {advice}"
                for _, text in site_only(found.task.title))
    hints = found.task.folder / "hints.md"
    texts = {found.page: statement(found.page), hints: hints.read_text(encoding="utf-8") if hints.is_file() else ""}
    yield from (f"{path}:{number}: '{words[:30]}' is understood by the site only; {advice}"
                for path, text in texts.items() for number, words in site_only(text))


def no_strays(found: Findings) -> Iterator[str]:
    """Each file of the folder is one that somebody reads."""
    names, folders = {found.page.name, "checks.py", "hints.md"}, {"wrong": _suffix(found.task)}
    if "postgres" in found.task.needs:
        names.add("setup.sql")
    if isinstance(found.task, Lab):
        names |= {"starter", "reference"}
    else:
        names.add(f"solution{found.task.suffix}")
        folders["right"] = found.task.suffix
    known = ", ".join(sorted(names | {f"{name}/*{suffix}" for name, suffix in folders.items()}))
    yield from (f"{path}: nobody reads this; take it out, this folder holds {known}"
                for path in tidy(found.task.folder, names, folders))


def no_author_notes(found: Findings) -> Iterator[str]:
    """What the template asks for has been written."""
    yield from (fault for path in sorted(found.task.folder.rglob("*")) if path.is_file()
                for fault in author_notes(path))


WHOLE: tuple[Callable[[Findings], Iterator[str]], ...] = (
    enough_wrong, every_check_is_needed, points_add_up, hints_exist, plain_markdown, no_strays, no_author_notes)


def faults(found: Findings) -> list[str]:
    """Return the faults of the exercise as a whole."""
    return [fault for rule in WHOLE for fault in rule(found)]
