"""The tiers on the first page and on the learning path: directives and a role, filled from the curriculum.

`course-tiers` is the short version; `course-subjects N` lists what tier N teaches; `course-plan N` has its hours
and weeks, and a place for the reader's progress (web/progress/path.mjs). {hours}`all` says how long something takes,
{finished}`all` how many of the lessons are pages of the book.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole

from course.site import curriculum
from course.site.curriculum import Course, Lesson, Tier, in_hours
from course.site.elements import make, text
from course.site.lesson_role import lesson_link

PACES = (5, 10)  # hours a week
RANGE = "\u2013"


def _course(env: BuildEnvironment) -> Course:
    """Return the curriculum as this book has it, and remember that the page shows it."""
    vars(env).setdefault("course_path_pages", set()).add(env.docname)
    known: dict[str, Course] = env.temp_data
    if "course_curriculum" not in known:
        known["course_curriculum"] = curriculum.read(Path(env.srcdir), env.found_docs)
    return known["course_curriculum"]


class TiersDirective(SphinxDirective):
    """The four tiers in a line each."""

    def run(self) -> list[nodes.Node]:
        """Return the list."""
        rows = [make("li", {}, *self.tier(tier), classes=f"tier-{tier.number}") for tier in _course(self.env).tiers]
        return [make("ol", {}, *rows, classes="path-tiers")]

    def tier(self, tier: Tier) -> Iterator[nodes.Node]:
        """Yield title, hours and subject of a tier."""
        link = nodes.reference("", tier.name, refid=f"tier-{tier.number}", internal=True)
        said = f"{in_hours(_sum(tier.steps))}, {finished(tier.lessons)} finished"
        yield nodes.paragraph("", "", link, make("span", {}, text(said), classes="path-hours"))
        yield nodes.paragraph("", tier.about)


class SubjectsDirective(SphinxDirective):
    """The subjects of a tier, each with its lessons."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the list."""
        found = nodes.bullet_list(classes=["path-subjects"])
        tier = _tier(self)
        for subject in (*tier.subjects, curriculum.Subject("At the end", (tier.lab,))):
            links: list[nodes.Node] = []
            for lesson in subject.lessons:
                links += [text(" · ")] if links else []
                links.append(_link(lesson))
            about = nodes.paragraph("", "", nodes.strong("", f"{subject.about}."), text(" "), *links)
            found += nodes.list_item("", about)
        return [found]


class PlanDirective(SphinxDirective):
    """Hours and weeks of a tier, or of the exam."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the reader's progress and the table."""
        course, which = _course(self.env), self.arguments[0]
        if which == "exam":
            return [_table(course, (course.exam,), "The exam")]
        tier = _tier(self)
        checks = any(curriculum.readiness(Path(self.env.srcdir), page) == f"Tier {tier.number}"
                     for page in sorted(self.env.found_docs) if page.startswith(f"{tier.folder}/"))
        classes = f"path-progress tier-{tier.number}{' has-check' if checks else ''}"
        place = make("div", {"data-folder": f"{tier.folder}/"}, classes=classes)
        begun = [place] if any(lesson.written for lesson in tier.lessons) else []
        return [*begun, _table(course, tier.steps, f"Tier {tier.number}")]


class WordsRole(SphinxRole):
    """Words that the curriculum gives, by the names that `known` has for them."""

    def __init__(self, known: Callable[[Course], dict[str, str]]) -> None:
        super().__init__()
        self.known = known

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the words, or a message for a name that is none of these."""
        known = self.known(_course(self.env))
        if self.text not in known:
            said = f"the role {self.name} knows {', '.join(known)}, not {self.text!r}"
            return [], [self.inliner.reporter.error(said, line=self.lineno)]
        return [nodes.inline("", known[self.text])], []


def quantities(course: Course) -> dict[str, str]:
    """Return what the role `hours` says, such as "40 hours", by name."""
    lessons = [lesson for tier in course.tiers for lesson in tier.lessons]
    minutes = {"all": _sum(course.steps), "lessons": sum(one.minutes for one in lessons),
               "exercises": sum(one.exercises for one in lessons), "labs": _sum(tier.lab for tier in course.tiers),
               "exam": course.exam.total, **{f"tier-{tier.number}": _sum(tier.steps) for tier in course.tiers}}
    ends = {f"weeks-{pace}": _schedule(course, pace)[course.exam][1] for pace in PACES}
    return {name: in_hours(count) for name, count in minutes.items()} | {
        name: f"{week} weeks" for name, week in ends.items()}


def finished(lessons: Sequence[Lesson]) -> str:
    """Return how many of these lessons are pages of the book: "1 of 10 lessons"."""
    return f"{sum(lesson.written for lesson in lessons)} of {len(lessons)} lessons"


def pages(course: Course) -> dict[str, str]:
    """Return what the role `finished` says, by name: of `all` tiers, and of each."""
    tiers = {f"tier-{tier.number}": finished(tier.lessons) for tier in course.tiers}
    return {"all": finished([lesson for tier in course.tiers for lesson in tier.lessons])} | tiers


def _sum(steps: Iterable[Lesson]) -> int:
    return sum(step.total for step in steps)


def _schedule(course: Course, pace: int) -> dict[Lesson, tuple[int, int]]:
    return dict(zip(course.steps, curriculum.weeks((step.total for step in course.steps), pace), strict=True))


def _tier(directive: SphinxDirective) -> Tier:
    tiers = {str(tier.number): tier for tier in _course(directive.env).tiers}
    if directive.arguments[0] not in tiers:
        raise directive.error(f"there is no tier {directive.arguments[0]}, only {', '.join(tiers)}")
    return tiers[directive.arguments[0]]


def _link(lesson: Lesson) -> lesson_link:
    return lesson_link(lesson.title, lesson.title, page=lesson.page)


def _table(course: Course, steps: tuple[Lesson, ...], name: str) -> nodes.Element:
    """Return a row for each step and one for their sum."""
    plans = [_schedule(course, pace) for pace in PACES]
    heads = ["Lesson", "Time", "Exercises", *(f"Week at {pace} h" for pace in PACES)]
    rows = [[_link(step), text(_time(step.minutes)), text(_about(step)), *(text(_span(*plan[step])) for plan in plans)]
            for step in steps]
    total = [text("Together"), text(in_hours(sum(step.minutes for step in steps))),
             text(in_hours(practice) if (practice := sum(step.exercises for step in steps)) else ""),
             *(text(_span(plan[steps[0]][0], plan[steps[-1]][1])) for plan in plans)]
    head = make("tr", {}, *(make("th", {"scope": "col"}, text(one)) for one in heads))
    foot = [make("tfoot", {}, _row(total))] if len(rows) > 1 else []
    table = make("table", {}, make("thead", {}, head), make("tbody", {}, *map(_row, rows)), *foot, classes="path-plan")
    scroll = {"role": "region", "tabindex": "0", "aria-label": f"{name}, hours and weeks"}
    return make("div", scroll, table, classes="pst-scrollable-table-container")


def _row(cells: Sequence[nodes.Node]) -> nodes.Element:
    name, *values = cells
    head = make("th", {"scope": "row"}, nodes.inline("", "", name))
    return make("tr", {}, head, *(make("td", {}, value) for value in values))


def _time(minutes: int) -> str:
    return f"{minutes} min"


def _about(step: Lesson) -> str:
    if not step.exercises:
        return ""
    return _time(step.exercises) if step.written else f"about {_time(step.exercises)}"


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}{RANGE}{last}"


def outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> set[str]:
    """Read the pages again that show the curriculum: any lesson or exercise may have changed it."""
    shown: set[str] = vars(env).get("course_path_pages", set())
    return shown & set(env.found_docs)


def setup(app: Sphinx) -> None:
    """Register the directives and the roles."""
    pieces: dict[str, Callable[..., object]] = {"course-tiers": TiersDirective, "course-subjects": SubjectsDirective,
                                                "course-plan": PlanDirective}
    for name, directive in pieces.items():
        app.add_directive(name, directive)  # type: ignore[arg-type]
    app.add_role("hours", WordsRole(quantities))
    app.add_role("finished", WordsRole(pages))
    app.connect("env-get-outdated", outdated)
