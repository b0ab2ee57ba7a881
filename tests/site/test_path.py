"""The first page and the learning path: filled from one plan, right sums, colours that can be read."""

import gzip
import json
import re
from pathlib import Path

import pytest
import site_files
import synthetic_book
import yaml
from playwright.sync_api import Browser, Page, Route
from visits import first_tier

from course.check import progress, quiz
from course.site import curriculum

ROOT = synthetic_book.ROOT
HOME, PATH = "book/index.html", "book/learning_path.html"
READY = "tiers/1_foundations/ready_for_foundations.html"
LESSON = "tiers/1_foundations/asyncio_coroutines.html"
LESSONS = [{"name": "written", "title": "Planned title", "minutes": 999},
           {"name": "planned", "title": "Planned", "minutes": 60}]
PLAN = {"tiers": [{"folder": "tiers/1_a", "title": "A", "about": "It.",
                   "subjects": [{"about": "S", "lessons": LESSONS}],
                   "lab": {"name": "lab", "title": "Lab", "minutes": 90}}],
        "exam": {"page": "exam/it", "title": "Exam", "minutes": 360}}
CONTRAST = """(names) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  const luminance = (name) => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = `var(${name})`;
    canvas.fillStyle = getComputedStyle(probe).color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((one) => one / 255)
      .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  return names.flatMap((name) => ["--paper", "--surface"]
    .map((ground) => [name, ground, ratio(luminance(name), luminance(ground))]));
}"""  # WCAG 2.2, "relative luminance" and "contrast ratio"
TIERS = [f"--tier-{number}" for number in (1, 2, 3, 4)]


# ---- The plan ----

def a_book(root: Path, plan: object = PLAN) -> curriculum.Course:
    """A lesson of 40 minutes with an exercise of 20, and one that is planned."""
    (root / "book").mkdir()
    (root / "book" / "curriculum.yml").write_text(yaml.safe_dump(plan), encoding="utf-8")
    synthetic_book.write(root, {"tiers/1_a/written.ipynb": synthetic_book.notebook()}, {"root": "book/index"})
    (root / "exercises" / "written" / "one").mkdir(parents=True)
    task = ROOT / "exercises" / "template_lesson" / "own_list"
    for path in task.iterdir():
        if path.is_file():
            (root / "exercises" / "written" / "one" / path.name).write_bytes(path.read_bytes())
    return curriculum.read(root, {"tiers/1_a/written"})


def test_a_finished_lesson_speaks_for_itself_and_a_planned_one_is_estimated_from_it(tmp_path: Path) -> None:
    written, planned = a_book(tmp_path).tiers[0].lessons
    about = json.loads((tmp_path / "tiers/1_a/written.ipynb").read_text(encoding="utf-8"))["metadata"]["course"]
    task = (tmp_path / "exercises/written/one/task.md").read_text(encoding="utf-8")
    minutes = int(re.findall(r"minutes: (\d+)", task)[0])
    assert (written.title, written.minutes, written.exercises) == ("A lesson", about["minutes"], minutes)
    assert (planned.title, planned.minutes, planned.written) == ("Planned", 60, False)
    assert planned.exercises == 5 * round(60 * minutes / about["minutes"] / 5)


def test_without_a_finished_lesson_exercises_are_taken_to_be_as_long(tmp_path: Path) -> None:
    a_book(tmp_path)
    assert [one.exercises for one in curriculum.read(tmp_path, ()).tiers[0].lessons] == [1000, 60]


def test_a_plan_that_lacks_something_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"book/curriculum\.yml: KeyError\('exam'\)"):
        a_book(tmp_path, {"tiers": PLAN["tiers"]})


@pytest.mark.parametrize(("minutes", "hours", "weeks"), [
    ([60, 60, 180], 1, [(1, 1), (2, 2), (3, 5)]), ([30, 60, 30], 1, [(1, 1), (1, 2), (2, 2)]), ([300], 10, [(1, 1)])])
def test_weeks(minutes: list[int], hours: int, weeks: list[tuple[int, int]]) -> None:
    assert list(curriculum.weeks(minutes, hours)) == weeks


@pytest.mark.parametrize(("minutes", "words"), [
    (60, "1 hour"), (30, "½ hour"), (90, "1½ hours"), (690, "11½ hours"), (1230, "20 hours"), (0, "0 hours")])
def test_hours_in_words(minutes: int, words: str) -> None:
    assert curriculum.in_hours(minutes) == words


def test_every_lesson_of_a_tier_is_in_the_plan() -> None:
    """Add a lesson to book/curriculum.yml when you add it to _toc.yml."""
    names = re.findall(r"file: (tiers/\S+)", (ROOT / "_toc.yml").read_text(encoding="utf-8"))
    lessons = {name for name in names if not curriculum.readiness(ROOT, name)}
    course = curriculum.read(ROOT, set(names))
    assert lessons == {step.page for step in course.steps if step.written}
    assert lessons


# ---- The pages ----

def numbers(cell: str) -> int:
    found = re.findall(r"\d+", cell)
    return int(found[0]) if found else 0


def test_the_tables_add_up(site: Path) -> None:
    page, everything, before = site_files.soup(site, PATH), 0, {5: 0, 10: 0}
    for table in page.select(".path-plan"):
        rows = [[cell.get_text() for cell in row.select("th, td")] for row in table.select("tbody tr")]
        for row in rows:
            took = numbers(row[1]) + numbers(row[2])
            for pace, shown in zip((5, 10), row[3:], strict=True):
                before[pace] += took
                assert int(re.findall(r"\d+", shown)[-1]) == -(-before[pace] // (60 * pace)), row
            everything += took
        if len(rows) > 1:
            total = [cell.get_text() for cell in table.select("tfoot :is(th, td)")]
            assert total[1:3] == [curriculum.in_hours(sum(numbers(row[column]) for row in rows)) for column in (1, 2)]
    assert len(page.select(".path-plan")) == 5
    said = " ".join(page.select_one("main").get_text().split())
    assert f"planned for about {curriculum.in_hours(everything)}:" in said
    assert all(f"{-(-everything // (60 * pace))} weeks" in said for pace in before)


def test_the_first_page_shows_before_it_tells(site: Path) -> None:
    """A cell with a stored table stands before any heading of a section; then all tiers with all their lessons."""
    page = site_files.soup(site, HOME)
    assert page.select_one(".cell").find_next("h2") is page.select_one("h2")
    first = page.select_one(".cell_output tbody tr").select("td")
    assert [cell.get_text() for cell in first] == ["Ann", "3", "1", "Dune, Emma, Persuasion"]
    course = curriculum.read(ROOT, {name.removesuffix(".html") for name in site_files.pages(site)})
    shown = [part.get_text() for part in page.select(".path-subjects")]
    for tier, text in zip(course.tiers, shown, strict=True):
        places = [text.index(words) for subject in tier.subjects
                  for words in (subject.about, *(one.title for one in subject.lessons))]
        assert places == sorted(places)
    links = [str(link["href"]).removeprefix("../") for link in page.select(".path-subjects a")]
    assert links == [f"{step.page}.html" for step in course.steps if step.written]
    headings = [heading.get_text().rstrip("#") for heading in page.select("h2")]
    assert headings[-3:] == ["Cheatsheets", "Final project exam", "Glossary"]


def test_the_first_page_counts_what_is_finished(site: Path) -> None:
    """Near its top and on the card of each tier: the lessons of the plan that are pages of the book."""
    page = site_files.soup(site, HOME)
    course = curriculum.read(ROOT, {name.removesuffix(".html") for name in site_files.pages(site)})
    ready = [[(ROOT / f"{lesson.page}.ipynb").is_file() for lesson in tier.lessons] for tier in course.tiers]
    of_all = f"{sum(map(sum, ready))} of {sum(map(len, ready))} lessons"
    assert f"Finished so far: {of_all};" in page.select_one("h1 + p").get_text()
    hours = [curriculum.in_hours(sum(step.total for step in tier.steps)) for tier in course.tiers]
    assert [card.get_text() for card in page.select(".path-tiers .path-hours")] == [
        f"{words}, {sum(one)} of {len(one)} lessons finished" for words, one in zip(hours, ready, strict=True)]


def test_the_readiness_check_has_ten_questions(site: Path) -> None:
    page = site_files.soup(site, READY)
    assert len(page.select("course-quiz")) == 10
    assert page.select_one(f'a[href="{Path(first_tier()[0][0]).name}.html"]') is not None
    assert site_files.soup(site, PATH).select_one(f'a[href="../{READY}"]') is not None


def test_each_page_leads_to_the_one_before_and_the_next_with_their_titles(site: Path) -> None:
    toc = re.findall(r"(?:file|root): (\S+)", (ROOT / "_toc.yml").read_text(encoding="utf-8"))
    pages = [site_files.soup(site, f"{name}.html") for name in toc]
    titles = [page.h1.find(string=True) for page in pages]
    for number, page in enumerate(pages):
        expected = {"Before": titles[number - 1]} if number else {}
        expected |= {"Next": titles[number + 1]} if number + 1 < len(pages) else {}
        shown = page.select(".prev-next a > span")
        assert {str(one.small.get_text()): str(one.find_all(string=True)[-1]) for one in shown} == expected, toc[number]


# ---- In a browser ----

def opened(browser: Browser, scheme: str = "light", width: int = 1280) -> Page:
    return browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]


@pytest.mark.browser
def test_the_whole_cell_is_on_the_first_screen_and_the_page_is_light(browser: Browser, address: str) -> None:
    page, weights = opened(browser), []
    page.on("response", lambda answer: weights.append(len(gzip.compress(answer.body(), 9))))
    page.goto(address + HOME, wait_until="networkidle")
    box = page.locator(".cell").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 800
    assert (sum(weights) <= 90_000, len(weights) <= 15) == (True, True), (sum(weights), len(weights))


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_of_tiers_can_be_read(browser: Browser, address: str, scheme: str) -> None:
    page = opened(browser, scheme)
    page.goto(address + LESSON)
    low = [found for found in page.evaluate(CONTRAST, TIERS) if found[2] < 4.5]
    assert not low
    seen = [page.locator(place).first.evaluate(f"(one) => getComputedStyle(one).{edge}") for place, edge in (
        (".at-a-glance", "borderTopColor"), (".site-nav .caption:has(+ ul a.current)", "borderLeftColor"))]
    assert len(set(seen)) == 1, seen
    edges = page.locator(".site-nav .caption").evaluate_all(
        "(all) => all.map((one) => [one.innerText, getComputedStyle(one).borderLeftColor])")
    coloured = {color for words, color in edges if words.startswith("Tier")}
    assert len(coloured) == sum(words.startswith("Tier") for words, _ in edges)
    assert {color for words, color in edges if not words.startswith("Tier")} == {"rgba(0, 0, 0, 0)"}


@pytest.mark.browser
def test_the_learning_path_shows_progress_to_those_who_have_any(browser: Browser, address: str) -> None:
    page = opened(browser)
    page.goto(address + PATH, wait_until="networkidle")
    assert page.locator(".path-progress").count() == 3
    assert page.locator(".path-progress > *").count() == 0
    made = progress.read(progress.Progress(), "asyncio_coroutines", "2026-03-01T10:00:00Z")
    made = progress.answered(made, "ready_for_foundations/quiz/arguments", "2026-03-01T10:00:00Z", True)
    course = f"course /{address.split('/', 3)[3]} progress"  # the sub-path keeps two courses on one host apart
    for key, text in ((course, progress.dump(made)), ("returning", "yes")):
        page.evaluate("([key, text]) => localStorage.setItem(key, text)", [key, text])
    held: list[Route] = []
    page.route("**/course.json", lambda route: held.append(route))
    with page.expect_request("**/course.json"):
        page.reload()
    heading = page.locator("article h2", has_text="Tier 2")
    before = heading.bounding_box()  # the bars wait for that file
    for one in held:
        one.continue_()
    page.locator(".path-progress .progress-bar").first.wait_for()
    page.unroute("**/course.json")
    assert heading.bounding_box() == before
    words = page.locator(".path-progress .progress-sum").all_inner_texts()
    assert words[0].startswith(f"1 {first_tier()[1]}, 0 of ")
    assert words[1].startswith("0 of 1 finished lesson read (9 are planned)")
    page.goto(address + HOME)
    page.locator(".continue-last").wait_for()
    assert "Coroutines" in page.locator(".continue").inner_text() or "Ready" in page.locator(".continue").inner_text()


def test_whoever_is_wrong_at_the_end_of_a_tier_is_told_where_it_is_settled():
    """Each answer of the assessment that is not right names a section; the build checks that it is there."""
    path = ROOT / "exercises" / "lab_server" / "quiz.md"
    questions = quiz.parse(path.read_text(encoding="utf-8"), path).questions
    unsettled = [(question.name, option.text) for question in questions for option in question.options
                 if not option.right and ".ipynb#" not in option.feedback]
    assert len(questions) == 25
    assert unsettled == []
