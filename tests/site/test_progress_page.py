"""A learner's progress on the pages: kept, shown again, taken along, and never in the way."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import placed_book as placed
import pytest
import site_files
import synthetic_book
from playwright.sync_api import Browser, BrowserContext, Locator, Route, expect
from visits import Visit, violations

from course.check import progress
from course.site.progress import lesson as lesson_of

OVERVIEW = "book/progress.html"
HOME = "book/index.html"
AT = "2026-03-01T10:00:00Z"
SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 400);
})"""


@pytest.mark.parametrize(("page", "name"), [
    ("tiers/1_foundations/threads_gil", "threads_gil"), ("cheatsheets/git", "git"), ("book/index", None),
    ("book/template_lesson", None), ("roadmap/01_web/index", None), ("index", None), ("tiers/a/Upper", None)])
def test_which_pages_are_lessons(page: str, name: str | None) -> None:
    assert lesson_of(page) == name


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return placed.publish(tmp_path_factory.mktemp("progress"))


def test_the_course_as_data(site: Path) -> None:
    data = json.loads((site / "_static" / "run" / "course.json").read_text(encoding="utf-8"))
    lessons = {lesson["name"]: lesson for part in data["parts"] for lesson in part["lessons"]}
    assert set(lessons) == {"loans", "plain"}
    loans = lessons["loans"]
    assert (loans["title"], loans["page"]) == ("Loans", placed.PAGE)
    assert [one["address"] for one in loans["exercises"]] == ["loans/count_loans", "loans/count_in_sql"]
    assert {one["address"] for one in loans["questions"]} == {
        f"loans/quiz/{name}" for name in (*placed.KINDS, "printed")}
    page = site_files.soup(site, placed.PAGE)
    for one in (*loans["exercises"], *loans["questions"]):
        assert page.find(id=one["anchor"]) is not None
    prints = page.select("course-exercise")
    assert [one["hash"] for one in loans["exercises"]] == [str(one["data-fingerprint"]) for one in prints]


def test_what_each_page_loads_is_small(site: Path) -> None:
    """Beside the styles: the entry and what it imports at once, for progress, the search's keys, the terms' cards."""
    wanted, total = ["progress.mjs"], 0
    for name in wanted:
        text = (site / "_static" / "run" / name).read_text(encoding="utf-8")
        total += len(gzip.compress(text.encode(), 9))
        wanted += [found for found in re.findall(r'(?:from|import)"\./([^"]+)"', text) if found not in wanted]
    assert total < 3800, wanted


# ---- In a browser ----

class Reader(Visit):
    """A reader with one browser profile, on some page."""

    @property
    def asked(self) -> list[str]:
        """The names of the files that her pages asked for."""
        return [url.rsplit("/", 1)[1].split("?")[0] for url in self.requests]

    def open(self, page: str) -> "Reader":
        self.page.goto(self.address + page, wait_until="networkidle")
        return self

    @property
    def key(self) -> str:
        return f"course /{self.address.split('/', 3)[3]} progress"

    def document(self) -> dict[str, Any]:
        text = self.page.evaluate("(key) => localStorage.getItem(key)", self.key)
        return json.loads(text)["items"] if text else {}

    def keep(self, made: progress.Progress) -> "Reader":
        """Put a document into the browser as Python writes it, and open the page anew."""
        self.page.evaluate("([key, text]) => localStorage.setItem(key, text)", [self.key, progress.dump(made)])
        self.page.evaluate("localStorage.setItem('returning', 'yes')")
        self.page.reload(wait_until="networkidle")
        return self

    def question(self, name: str) -> Locator:
        return self.page.locator(f"course-quiz[data-question='loans/{name}']")

    def answer(self, name: str, label: str) -> None:
        self.question(name).get_by_label(label, exact=True).check()
        self.question(name).get_by_role("button", name="Check").click()
        expect(self.question(name).locator(".quiz-headline")).to_be_visible()

    def end(self) -> Locator:
        """The box at the end of a lesson, made when the reader begins to scroll."""
        self.page.mouse.wheel(0, 100)
        box = self.page.locator(".lesson-progress")
        expect(box.get_by_role("button")).to_be_visible()
        return box


@pytest.fixture
def reader(context: BrowserContext, address: str) -> Iterator[Reader]:
    made = Reader(context.new_page(), address)
    yield made
    assert made.complaints == []


def begun() -> progress.Progress:
    """Read, one exercise passed, two questions answered, one of them wrong."""
    made = progress.read(progress.Progress(), "loans", AT)
    made = progress.passed(made, "loans/count_loans", AT, "00")
    made = progress.answered(made, "loans/quiz/word", AT, True, "await")
    return progress.answered(made, "loans/quiz/steps", AT, False, "")


@pytest.mark.browser
def test_a_newcomer_sees_and_leaves_nothing(reader: Reader) -> None:
    reader.open(HOME)
    assert not reader.page.locator(".continue").is_visible()
    assert reader.page.locator(".tick").count() == 0
    assert reader.page.evaluate("localStorage.length") == 0
    assert not {"course.json", "changes.mjs"} & set(reader.asked)
    assert not [name for name in reader.asked if name.startswith(("ticks", "note", "continue", "lesson", "overview"))]


@pytest.mark.browser
def test_answers_are_kept_once_and_shown_again(reader: Reader) -> None:
    reader.open(placed.PAGE)
    reader.answer("whole", "sum")
    reader.question("whole").get_by_role("button", name="Check").click()  # the same answer is one attempt
    reader.question("word").get_by_label("Your answer").fill(" AWAIT")
    reader.question("word").get_by_label("Your answer").press("Enter")
    expect(reader.question("word").locator(".quiz-headline")).to_contain_text("Right.")
    reader.page.wait_for_function("(key) => localStorage.getItem(key)?.includes('AWAIT')", arg=reader.key)
    kept = reader.document()
    assert kept["loans/quiz/whole"][""]["attempts"] == 1
    assert "missed" in kept["loans/quiz/whole"][""]
    assert kept["loans/quiz/word"][""]["text"] == " AWAIT"
    reader.page.reload(wait_until="networkidle")
    whole = reader.question("whole")
    assert whole.get_by_label("sum").is_checked()
    expect(whole.get_by_role("status")).to_contain_text(re.compile(r"Not right.\s*It adds.\s*You answered on"))
    assert reader.question("word").get_by_label("Your answer").input_value() == " AWAIT"
    assert reader.page.evaluate("document.activeElement.tagName") == "BODY"
    assert whole.get_by_role("status").get_attribute("aria-live") == "off"  # nobody is told what is long known
    assert reader.document() == kept


@pytest.mark.browser
def test_trying_again_empties_the_form_and_the_old_answer_can_be_seen(reader: Reader) -> None:
    reader.open(placed.PAGE)
    reader.answer("whole", "sum")
    whole = reader.question("whole")
    whole.get_by_role("button", name="Try again").click()
    assert whole.locator("input:checked").count() == 0
    whole.get_by_role("button", name="Show my answer").click()
    assert whole.get_by_label("sum").is_checked()
    expect(whole.get_by_role("status")).to_contain_text("Not right.")
    whole.get_by_role("button", name="Try again").click()
    reader.answer("whole", "len, with all of it")
    reader.page.wait_for_function("(key) => localStorage.getItem(key)?.includes('first_passed')", arg=reader.key)
    epoch = reader.document()["loans/quiz/whole"][""]
    assert (epoch["attempts"], epoch["recovered"]) == (2, 1)


@pytest.mark.browser
def test_the_old_answer_can_be_seen_before_it_is_recorded(reader: Reader) -> None:
    held: list[Route] = []  # what records an answer is loaded with the first one
    reader.page.route(re.compile(r"/changes-\w+\.mjs$"), lambda route: held.append(route))
    reader.open(placed.PAGE)
    reader.answer("whole", "sum")
    whole = reader.question("whole")
    whole.get_by_role("button", name="Try again").click()
    whole.get_by_role("button", name="Show my answer").click()
    expect(whole.get_by_label("sum")).to_be_checked()
    expect(whole.get_by_role("status")).to_contain_text("Not right.")
    assert held
    for route in held:
        route.continue_()
    reader.page.wait_for_function("(key) => localStorage.getItem(key)?.includes('loans/quiz/whole')", arg=reader.key)


@pytest.mark.browser
def test_a_prediction_stays_made(reader: Reader) -> None:
    reader.open(placed.PAGE)
    reader.answer("printed", "one")
    reader.page.wait_for_function("(key) => localStorage.getItem(key)", arg=reader.key)
    reader.page.reload(wait_until="networkidle")
    output = reader.page.locator("details.fold .cell_output")
    expect(output).to_be_visible()
    expect(reader.question("printed").locator("input:enabled")).to_have_count(0)
    reader.question("printed").get_by_role("button", name="Try again").click()
    expect(output).not_to_be_visible()
    expect(reader.question("printed").locator("input:enabled")).to_have_count(3)


@pytest.mark.browser
def test_an_order_is_shown_as_it_was_left(reader: Reader) -> None:
    reader.open(placed.PAGE)
    steps = reader.question("steps")
    first = steps.locator(".quiz-entries > li").first.get_attribute("data-option")
    steps.get_by_role("button", name="Down").first.click()
    steps.get_by_role("button", name="Check").click()
    wanted = steps.locator(".quiz-entries > li").evaluate_all("all => all.map((one) => one.dataset.option)")
    assert wanted[0] != first
    reader.page.wait_for_function("(key) => localStorage.getItem(key)", arg=reader.key)
    reader.page.reload(wait_until="networkidle")
    assert steps.locator(".quiz-entries > li").evaluate_all("all => all.map((one) => one.dataset.option)") == wanted


@pytest.mark.browser
def test_an_answer_whose_option_is_gone_is_no_error(reader: Reader) -> None:
    made = begun()
    for name in ("whole", "several", "printed", "steps"):
        made = progress.answered(made, f"loans/quiz/{name}", AT, False, "gone away")
    reader.open(placed.PAGE).keep(made)
    for name in ("whole", "several", "printed", "steps"):
        assert reader.question(name).get_by_role("status").inner_text() == ""


@pytest.mark.browser
def test_a_lesson_is_marked_as_read_and_not_read_with_the_keyboard(reader: Reader) -> None:
    reader.open(placed.PAGE)
    box = reader.end()
    assert "0 of 2 exercises passed. 0 of 5 questions answered right." in box.inner_text()
    box.get_by_role("button", name="Mark as read").press("Enter")
    expect(box).to_contain_text("Read on")
    assert reader.page.evaluate("document.activeElement.textContent") == "Mark as not read"
    link = reader.page.locator(".site-nav li.current > a")
    expect(link.locator(".tick")).to_have_text("\u2713 0/2")
    assert reader.page.get_by_role("link", name="Loans (read, 0 of 2 exercises passed)").count() == 1
    reader.page.keyboard.press("Enter")
    expect(box.get_by_role("button")).to_have_text("Mark as read")
    expect(link.locator(".tick")).to_have_count(0)


@pytest.mark.browser
def test_the_end_of_a_lesson_counts_after_a_plausible_time_only(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.clock.install()
    reader = Reader(page, address).open(placed.PAGE)
    reader.end()
    page.locator(".lesson-progress").scroll_into_view_if_needed()
    page.clock.run_for(3_000)
    assert reader.document() == {}
    page.clock.run_for(180_000)
    expect(page.locator(".lesson-progress")).to_contain_text("Read on")
    assert "loans" in reader.document()
    expect(page.locator(".lesson-progress [role=status]")).to_have_text("This lesson is marked as read.")
    page.get_by_role("button", name="Mark as not read").click()
    page.clock.run_for(180_000)
    expect(page.get_by_role("button", name="Mark as read")).to_be_visible()  # what was taken back stays so


@pytest.mark.browser
def test_a_lesson_whose_end_was_never_seen_is_not_read(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.clock.install()
    reader = Reader(page, address).open(placed.PAGE)
    reader.end()
    page.evaluate("scrollTo(0, 0)")
    page.clock.run_for(300_000)
    assert reader.document() == {}


@pytest.mark.browser
def test_the_first_page_leads_on(reader: Reader) -> None:
    reader.open(HOME).keep(begun())
    card = reader.page.get_by_role("region", name="Continue")
    again = card.locator(".continue-last")  # missed in March, and it is later than that
    expect(again).to_have_text("Begin with 1 question to answer again")
    state = card.locator(".continue-state")
    expect(state).to_have_text(
        "Next exercise: Count the loans \u00b7 Read. 1 of 2 exercises passed. 1 of 5 questions answered right.")
    expect(state.get_by_role("link")).to_have_attribute("href", re.compile("loans.html#exercise-count_in_sql$"))
    card.get_by_role("link", name="1 question to answer again").click()
    reader.page.wait_for_url("**/loans.html#quiz-steps")


@pytest.mark.browser
def test_who_has_done_a_lesson_is_led_to_the_next_and_who_is_in_one_back_to_it(reader: Reader) -> None:
    done = progress.answered(progress.read(progress.Progress(), "loans", AT), "loans/quiz/word", AT, True, "await")
    for name in ("count_loans", "count_in_sql"):
        done = progress.passed(done, f"loans/{name}", AT, "00")
    reader.open(HOME).keep(done)
    card = reader.page.get_by_role("region", name="Continue")
    expect(card.locator(".continue-last")).to_have_text("Next lesson: A lesson")
    reader.page.evaluate("localStorage.clear()")
    reader.keep(progress.passed(progress.Progress(), "loans/count_in_sql", AT, "00"))
    expect(card.locator(".continue-last")).to_have_text("Continue Loans")
    expect(card.locator(".continue-state")).to_have_text("1 of 2 exercises passed.")
    expect(card).to_contain_text("Next exercise: Count the loans")


def test_the_page_says_what_marks_a_lesson_as_read_and_names_the_button() -> None:
    """In words, not in the numbers of web/progress/lesson.mjs; and the button as that module names it."""
    script = (synthetic_book.ROOT / "web" / "progress" / "lesson.mjs").read_text(encoding="utf-8")
    words = (synthetic_book.ROOT / "book" / "progress.md").read_text(encoding="utf-8")
    assert "you have reached its end and have not just scrolled there" in words
    assert re.findall(r"press \*(.+?)\* at its end", words) == re.findall(r'button\("(Mark as read)"', script)
    assert not re.search(r"\d+ (seconds|words)", words)


@pytest.mark.browser
def test_a_title_in_the_sidebar_has_the_whole_width_and_its_mark_stands_beside_its_last_line(reader: Reader) -> None:
    reader.open(placed.PAGE)
    link = reader.page.locator(".site-nav li.current > a")
    text = """a => { const one = document.createRange(); one.selectNodeContents(a.firstChild);
        return one.getBoundingClientRect().right; }"""
    link.evaluate("a => { a.firstChild.data = 'Long words of a title, to be set in some lines'; }")
    room = link.evaluate("a => a.getBoundingClientRect().right - parseFloat(getComputedStyle(a).paddingRight)")
    before = link.bounding_box()
    assert room - link.evaluate(text) < 40
    reader.answer("whole", "sum")
    expect(link.locator(".tick")).to_have_text("0/2")
    assert link.bounding_box() == before
    assert link.evaluate("""a => { const one = document.createRange(); one.selectNodeContents(a.firstChild);
        const last = [...one.getClientRects()].at(-1), mark = a.querySelector(".tick").getBoundingClientRect();
        return last.right <= mark.left && mark.right <= a.getBoundingClientRect().right
          && last.top < mark.bottom && mark.top < last.bottom; }""")


@pytest.mark.browser
def test_the_last_place_is_a_section(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.clock.install()
    reader = Reader(page, address).open(placed.PAGE)
    page.mouse.wheel(0, 100)
    expect(page.get_by_role("button", name="Mark as read")).to_be_visible()
    page.clock.run_for(10_000)
    page.locator("#judgement").evaluate("part => scrollTo(0, part.offsetTop)")
    reader.answer("whole", "sum")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    reader.open(HOME)
    expect(page.get_by_role("region", name="Continue")).to_contain_text("Continue Loans \u203a Judgement")


@pytest.mark.browser
def test_two_tabs_know_of_one_another(context: BrowserContext, address: str) -> None:
    one, two = (Reader(context.new_page(), address).open(placed.PAGE) for _ in range(2))
    one.answer("whole", "sum")
    expect(two.question("whole").get_by_role("status")).to_contain_text("Not right.")
    two.answer("several", "two")
    two.page.wait_for_function("(key) => localStorage.getItem(key)?.includes('several')", arg=two.key)
    assert {"loans/quiz/whole", "loans/quiz/several"} <= set(one.document())
    assert one.complaints == two.complaints == []


@pytest.mark.browser
def test_what_is_being_typed_is_never_replaced(context: BrowserContext, address: str) -> None:
    one, two = (Reader(context.new_page(), address).open(placed.PAGE) for _ in range(2))
    two.question("word").get_by_label("Your answer").fill("mine")
    one.question("word").get_by_label("Your answer").fill("async")
    one.question("word").get_by_label("Your answer").press("Enter")
    two.page.wait_for_function("(key) => localStorage.getItem(key)?.includes('async')", arg=two.key)
    two.page.wait_for_timeout(300)
    assert two.question("word").get_by_label("Your answer").input_value() == "mine"


@pytest.mark.browser
def test_damaged_progress_is_set_aside_and_told(reader: Reader) -> None:
    reader.open(HOME)
    reader.page.evaluate("(key) => localStorage.setItem(key, '{damaged')", reader.key)
    reader.open(placed.PAGE)
    note = reader.page.locator(".progress-note")
    expect(note).to_contain_text("cannot be read (it is not JSON). It was set aside")
    note.get_by_role("button", name="Close").click()
    expect(note).to_have_count(0)
    reader.open(OVERVIEW)
    with reader.page.expect_download() as saved:
        reader.page.get_by_role("button", name="Save copy 1 to a file").click()
    assert Path(saved.value.path()).read_text(encoding="utf-8") == "{damaged"


@pytest.mark.browser
def test_where_storage_is_forbidden_all_works_and_it_is_told(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.add_init_script("""Object.defineProperty(window, "localStorage", {
      get() { throw new DOMException("denied", "SecurityError"); } })""")
    reader = Reader(page, address).open(placed.PAGE)
    assert page.locator(".progress-note").count() == 0  # who has nothing to lose is not troubled
    reader.answer("whole", "sum")
    expect(page.locator(".progress-note")).to_contain_text("gone when you close this page")
    expect(reader.question("whole").get_by_role("status")).to_contain_text(re.compile(r"Not right.\s*It adds."))
    assert reader.complaints == []


@pytest.mark.browser
def test_the_overview_counts_and_names_what_changed(reader: Reader) -> None:
    reader.open(OVERVIEW).keep(begun())
    main = reader.page.get_by_role("main")
    expect(main).to_contain_text("1 of 2 lessons read, 1 of 2 exercises passed, 1 of 5 questions right.")
    expect(main.get_by_role("img")).to_have_attribute("aria-label", "33 % done")
    expect(main).to_contain_text("Changed since you passed: Count the loans")
    expect(main).to_contain_text("It is kept in this browser and nowhere else")


@pytest.mark.browser
def test_progress_goes_into_a_file_and_into_another_browser(
        reader: Reader, browser: Browser, address: str, tmp_path: Path) -> None:
    reader.open(OVERVIEW).keep(begun())
    with reader.page.expect_download() as saved:
        reader.page.get_by_role("button", name="Export to a file").click()
    assert re.fullmatch(r"progress-\d{4}-\d\d-\d\d\.json", saved.value.suggested_filename)
    saved.value.save_as(tmp_path / "mine.json")
    assert progress.parse((tmp_path / "mine.json").read_text(encoding="utf-8")) == begun()
    with browser.new_context() as fresh:
        other = Reader(fresh.new_page(), address).open(OVERVIEW)
        choose(other, tmp_path / "mine.json")
        said = other.page.get_by_role("status").filter(has_text="mine.json, if you import it")
        expect(said).to_contain_text("New: 1 lesson read, 1 exercise passed, 1 question answered right.")
        assert other.document() == {}
        other.page.keyboard.press("Enter")  # the focus is on Import
        expect(other.page.get_by_role("main")).to_contain_text("1 of 2 exercises passed")
        other.page.get_by_role("button", name="Undo the import").press("Enter")
        expect(other.page.get_by_role("main")).to_contain_text("0 of 2 exercises passed, 0 of 5 questions right")
        choose(other, tmp_path / "mine.json")
        expect(other.page.get_by_role("main")).to_contain_text("Everything in mine.json was reset here on")
        assert other.complaints == []


def choose(reader: Reader, path: Path) -> None:
    with reader.page.expect_file_chooser() as chooser:
        reader.page.get_by_role("button", name="Import from a file").click()
    chooser.value.set_files(path)


@pytest.mark.browser
@pytest.mark.parametrize(("text", "why"), [
    ("", "it is not JSON"), ('{"version": 7, "items": {}}', "a newer version of the course wrote it"),
    ('{"cells": []}', "it is no progress of this course"),
    ('{"version": 1, "items": {"loans": {"": {"attempts": "3"}}}}', "the entry loans is damaged")])
def test_a_foreign_file_changes_nothing(reader: Reader, tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "other.json").write_text(text, encoding="utf-8")
    reader.open(OVERVIEW).keep(begun())
    before = reader.document()
    choose(reader, tmp_path / "other.json")
    expect(reader.page.get_by_role("main")).to_contain_text(f"other.json was not imported: {why}. Nothing was changed.")
    assert reader.document() == before


@pytest.mark.browser
def test_everything_is_reset_and_brought_back_after_a_reload(reader: Reader) -> None:
    reader.open(OVERVIEW).keep(begun())
    main = reader.page.get_by_role("main")
    main.get_by_role("button", name="Reset everything").press("Enter")
    expect(main).to_contain_text("1 lesson, 1 exercise, 2 questions that you have begun will be shown as new.")
    assert reader.page.evaluate("document.activeElement.textContent") == "Keep it"
    main.get_by_role("button", name="Reset", exact=True).click()
    expect(main).to_contain_text("0 of 2 lessons read")
    assert reader.page.evaluate("document.activeElement.textContent") == "Bring it back"
    expect(main.get_by_role("button", name="Reset everything")).to_be_disabled()
    reader.page.reload(wait_until="networkidle")
    main.get_by_role("button", name="Bring it back").click()
    expect(main).to_contain_text("1 of 2 lessons read, 1 of 2 exercises passed, 1 of 5 questions right.")
    expect(main).to_contain_text("It is back.")


@pytest.mark.browser
def test_a_file_whose_content_was_reset_here_can_be_shown_again(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text(progress.dump(begun()), encoding="utf-8")
    reader.open(OVERVIEW).keep(begun())
    main = reader.page.get_by_role("main")
    main.get_by_role("button", name="Reset everything").click()
    main.get_by_role("button", name="Reset", exact=True).click()
    choose(reader, tmp_path / "mine.json")
    said = main.get_by_role("status").filter(has_text="mine.json")
    expect(said).to_contain_text(re.compile(r"^Everything in mine\.json was reset here on \d+ \w+ 20\d\d\."))
    assert reader.page.evaluate("document.activeElement.textContent") == "Bring it back"
    reader.page.keyboard.press("Enter")
    expect(main).to_contain_text("1 of 2 lessons read, 1 of 2 exercises passed, 1 of 5 questions right.")
    expect(main).to_contain_text("It is back.")
    choose(reader, tmp_path / "mine.json")
    expect(main).to_contain_text("mine.json holds nothing that is not here already.")


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("page", [HOME, OVERVIEW, placed.PAGE])
def test_nothing_moves_and_nothing_is_too_wide(browser: Browser, address: str, page: str, width: int) -> None:
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        # Answers that are shown again take room where they stand.
        made = progress.passed(progress.read(progress.Progress(), "loans", AT), "loans/count_loans", AT, "00")
        reader = Reader(context.new_page(), address)
        reader.open(page).keep(made)
        reader.page.reload(wait_until="networkidle")
        assert reader.page.evaluate(SHIFT) == 0
        assert reader.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, address: str, scheme: str, width: int) -> None:
    with browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800}) as context:
        reader = Reader(context.new_page(), address).open(OVERVIEW).keep(begun())
        reader.page.get_by_role("button", name="Reset everything").click()
        found = violations(reader.page)
        found += violations(reader.open(HOME).page)
        reader.open(placed.PAGE)
        reader.answer("several", "two")
        reader.end()
        assert found + violations(reader.page) == []


@pytest.mark.browser
def test_without_a_script_the_pages_promise_nothing(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address + OVERVIEW)
        assert "scripts have to be allowed" in page.get_by_role("main").inner_text()
        page.goto(address + placed.PAGE)
        assert not page.locator(".lesson-progress").is_visible()
