"""The cells of a page in a real Chromium: run, broken, stopped, edited, and never in the reader's way."""

from collections.abc import Iterator
from pathlib import Path

import cells_book
import pytest
import site_files
from playwright.sync_api import Browser, BrowserContext, Locator, expect
from visits import SLOW, Visit, violations

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cells_book.publish(tmp_path_factory.mktemp("cells"))


class Lesson(Visit):
    """The lesson opened in a page."""

    def open(self) -> "Lesson":
        self.page.goto(self.address + cells_book.PAGE)
        return self

    def cell(self, name: str) -> Locator:
        return self.page.locator(f'[data-cell="{name}"]')

    def press(self, name: str, button: str) -> None:
        self.cell(name).get_by_role("button", name=button, exact=True).click()

    def output(self, name: str) -> Locator:
        return self.cell(name).locator(".cell_output")

    def run(self, name: str, says: str) -> None:
        """Run a cell and wait for the end that its state tells."""
        self.press(name, "Run")
        expect(self.state(name)).to_contain_text(says, timeout=SLOW)

    def state(self, name: str) -> Locator:
        return self.cell(name).locator(".cell-state")


@pytest.fixture
def lesson(context: BrowserContext, address: str) -> Iterator[Lesson]:
    opened = Lesson(context.new_page(), address).open()
    yield opened
    opened.went_well(address)


def test_nothing_is_loaded_before_the_first_run(lesson: Lesson) -> None:
    lesson.page.wait_for_load_state("networkidle")
    assert not [url for url in lesson.requests if "/runtime/" in url or "editor" in url or "outputs" in url]
    assert lesson.output("first").get_attribute("data-from") == "stored"
    assert lesson.page.locator(".run-note").inner_text().startswith("Press Run under a cell: it runs in this page")
    expect(lesson.page.locator(".kernel-bar")).to_be_hidden()


def test_a_cell_runs_and_its_output_replaces_the_stored_one(lesson: Lesson) -> None:
    lesson.run("first", "Run 1")
    assert lesson.output("first").inner_text().splitlines()[-1] == "['Dune']"
    assert lesson.output("first").get_attribute("data-from") == "run"
    assert lesson.output("second").get_attribute("data-from") == "stored"
    expect(lesson.page.get_by_role("status").last).to_contain_text("Cell 1: ran in")
    expect(lesson.page.locator(".kernel-bar")).to_contain_text("is ready, 1 run so far")
    lesson.run("silent", "Run 2")
    expect(lesson.output("silent")).to_be_hidden()


def test_an_error_keeps_its_traceback_and_gets_a_sentence(lesson: Lesson) -> None:
    lesson.run("second", "NameError")
    assert "NameError: name 'shelf' is not defined" in lesson.output("second").inner_text()
    expect(lesson.output("second").locator(".plain-sentence")).to_contain_text("Run all above does that")
    lesson.press("second", "Run all above")
    expect(lesson.page.get_by_role("status").last).to_have_text("All cells above have run.", timeout=SLOW)
    lesson.run("second", "Run 3")
    assert lesson.output("second").inner_text().strip() == "1"


def test_an_endless_loop_is_stopped_and_names_are_lost(lesson: Lesson) -> None:
    lesson.run("first", "Run 1")
    lesson.press("endless", "Run")
    expect(lesson.state("endless")).to_have_text("Running")
    lesson.press("last", "Run")
    expect(lesson.state("last")).to_have_text("Waiting for its turn")
    lesson.press("endless", "Stop")
    expect(lesson.page.locator(".kernel-bar")).to_contain_text("was stopped: names are lost", timeout=SLOW)
    expect(lesson.output("endless")).to_have_text("Stopped, no output.")
    assert lesson.state("first").inner_text() == "Ran before Python was restarted"
    expect(lesson.state("last")).to_have_text("")
    lesson.run("second", "NameError")
    lesson.run("first", "Run 2")
    lesson.page.get_by_role("button", name="Restart").click()
    expect(lesson.page.locator(".kernel-bar")).to_contain_text("was restarted: names are lost", timeout=SLOW)


def test_a_million_lines_leave_the_page_alive(lesson: Lesson) -> None:
    lesson.page.evaluate("""() => { window.longest = 0; let last = performance.now();
        setInterval(() => { const now = performance.now(); window.longest = Math.max(window.longest, now - last);
          last = now; }, 10); }""")
    lesson.run("million", "Run 1")
    text = lesson.output("million").inner_text()
    assert text.splitlines()[0] == "0" or text.splitlines()[1] == "0"
    assert text.rstrip().endswith("999999")
    assert "999\u2009200 lines left out" in text
    assert lesson.output("million").locator("*").count() < 50
    print(f"longest pause of the page: {lesson.page.evaluate('window.longest'):.0f} ms")


def edit(lesson: Lesson, name: str, keys: str) -> None:
    lesson.press(name, "Edit")
    expect(lesson.cell(name).get_by_role("textbox")).to_be_focused()
    lesson.page.keyboard.type(keys)


def label(lesson: Lesson, name: str) -> str:
    """What stands above an output: whose it is."""
    found: str = lesson.output(name).evaluate("(output) => getComputedStyle(output, '::before').content")
    return found.strip('"')


def test_an_edit_survives_and_reset_can_be_undone(lesson: Lesson) -> None:
    code = lesson.cell("first").locator(".cell_input pre")
    source = code.inner_text()
    edit(lesson, "first", "print('mine')\n")
    lesson.page.keyboard.press("Shift+Enter")
    expect(lesson.output("first")).to_contain_text("mine", timeout=SLOW)
    lesson.page.reload()
    expect(code).to_contain_text("print('mine')")
    assert lesson.state("first").inner_text() == "your version"
    expect(code.locator(".tok-string").first).to_have_text("'mine'")  # in colours, without the editor
    assert label(lesson, "first") == "Stored output of the lesson\u2019s text, not of yours"
    lesson.press("first", "Reset")
    assert label(lesson, "first") == "Stored output"
    assert code.inner_text() == source
    assert code.locator("span").count() > 3  # in the colours of the lesson again
    lesson.page.reload()
    assert code.inner_text() == source
    lesson.press("first", "Undo reset")
    expect(code).to_contain_text("print('mine')")
    lesson.run("first", "Run 1")
    expect(lesson.output("first")).to_contain_text("mine")


def test_a_cell_that_changed_since_offers_both_texts(context: BrowserContext, tmp_path: Path, site: Path) -> None:
    changed = cells_book.publish(tmp_path, cells_book.lesson({"first": "shelf = ['Emma']\nprint(shelf)"}))
    with site_files.served(site.parent) as base:
        old = Lesson(context.new_page(), f"{base}{site.name}/").open()
        edit(old, "first", "# mine\n")
        old.page.route("**/*.html", lambda route: route.fulfill(path=changed / cells_book.PAGE))
        old.page.reload()
        notice = old.cell("first").locator(".cell-notice")
        expect(notice).to_contain_text("has changed since you edited it")
        expect(notice.locator("pre")).to_contain_text("# mine")
        code = old.cell("first").locator(".cell_input pre")
        assert "Emma" in code.inner_text()
        old.press("first", "Use mine")
        expect(code).to_contain_text("# mine")
        old.page.reload()
        expect(code).to_contain_text("# mine")
        expect(notice).to_be_hidden()


def test_a_cell_that_needs_a_kernel_says_why_and_where(lesson: Lesson) -> None:
    cell = lesson.cell("kernel")
    assert cell.get_by_role("button", name="Run", exact=True).count() == 0
    lesson.press("kernel", "Why not here?")
    notice = cell.locator(".cell-notice")
    expect(notice).to_contain_text("python3 noxfile.py -s serve")
    assert notice.get_by_role("link").get_attribute("href").endswith("book/how_to_run.html")
    lesson.press("kernel", "Why not here?")
    expect(notice).to_be_hidden()


def test_all_above_runs_over_what_must_raise_and_around_what_cannot_run(lesson: Lesson) -> None:
    for name in ("endless", "million"):
        edit(lesson, name, "0 or ")
        lesson.page.keyboard.press("ControlOrMeta+a")
        lesson.page.keyboard.type("x = 1")
    lesson.press("last", "Run all above")
    expect(lesson.page.get_by_role("status").last).to_have_text("All cells above have run.", timeout=SLOW)
    assert [lesson.state(name).inner_text()[:5] for name in ("first", "second", "endless", "million", "raises")] == [
        "Run 1", "Run 2", "Run 3", "Run 4", "Run 5"]
    assert lesson.output("kernel").get_attribute("data-from") == "stored"
    edit(lesson, "second", "1 / 0\n")
    lesson.press("last", "Run all above")
    expect(lesson.page.get_by_role("status").last).to_have_text("Stopped at cell 2.", timeout=SLOW)


def test_pictures_are_in_the_page_and_html_is_harmless(lesson: Lesson) -> None:
    lesson.run("figure", "Run 1")
    picture = lesson.output("figure").locator("svg.course-figure")
    expect(picture).to_be_visible()
    named = picture.get_attribute("aria-labelledby").split()
    words = "(id) => document.getElementById(id).textContent"
    assert lesson.page.evaluate(words, named[0]) == "What an endpoint needs"
    assert picture.locator("style").count() == 1
    lesson.run("html", "Run 2")
    html = lesson.output("html").locator(".text_html")
    assert html.inner_text().strip().startswith("safe words")
    assert html.locator("script, form, button, style, [onclick], [style], [id], img[src]").count() == 0
    assert lesson.page.evaluate("window.broken") is None
    assert lesson.page.locator("body").is_visible()


def test_a_cell_that_asks_gets_the_line_that_was_typed(lesson: Lesson) -> None:
    lesson.press("asks", "Run")
    field = lesson.cell("asks").get_by_role("textbox", name="Who?")
    expect(field).to_be_focused(timeout=SLOW)
    lesson.page.keyboard.type("Ann")
    lesson.page.keyboard.press("Enter")
    expect(lesson.state("asks")).to_contain_text("Run 1")
    assert lesson.output("asks").inner_text().splitlines() == ["Who? Ann", "Hello, Ann"]
    lesson.press("asks", "Run")
    expect(field).to_be_focused()
    lesson.press("asks", "Stop")
    expect(lesson.state("asks")).to_contain_text("stopped", timeout=SLOW)
    assert lesson.output("asks").inner_text() == "Who?"


def test_by_keyboard_alone(lesson: Lesson) -> None:
    keys = lesson.page.keyboard
    lesson.cell("first").get_by_role("button", name="Run", exact=True).focus()
    keys.press("Tab")
    keys.press("Enter")  # Edit
    editor = lesson.cell("first").get_by_role("textbox", name="Code of cell 1")
    expect(editor).to_be_focused()
    keys.press("Tab")
    expect(lesson.cell("first").locator(".cm-line").first).to_have_text('    shelf = ["Dune"]')
    keys.press("Shift+Tab")
    expect(lesson.cell("first").locator(".cm-line").first).to_have_text('shelf = ["Dune"]')
    keys.press("Escape")
    keys.press("Tab")
    expect(lesson.cell("first").get_by_role("button", name="Run", exact=True)).to_be_focused()
    keys.press("Shift+Tab")
    expect(editor).to_be_focused()
    keys.press("Tab")  # who came by Tab goes on by Tab
    expect(lesson.cell("first").get_by_role("button", name="Run", exact=True)).to_be_focused()
    keys.press("Enter")
    expect(lesson.state("first")).to_contain_text("Run 1", timeout=SLOW)
    expect(lesson.cell("first").get_by_role("button", name="Run", exact=True)).to_be_focused()


def test_without_codemirror_a_text_area_serves(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.route("**/editor-*.mjs", lambda route: route.abort())
    page.goto(address + cells_book.PAGE)
    cell = page.locator('[data-cell="first"]')
    cell.get_by_role("button", name="Edit").click()
    area = cell.locator("textarea")
    expect(area).to_be_focused()
    area.fill("print('plain')")
    area.press("Shift+Enter")
    expect(cell.locator(".cell_output")).to_contain_text("plain", timeout=SLOW)


def test_without_a_script_the_page_is_as_it_was(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as plain:
        page = plain.new_page()
        page.goto(address + cells_book.PAGE)
        assert page.locator('[data-cell="first"] .cell_output').inner_text().strip().endswith("['Dune']")
        assert page.locator("article button:visible").count() == 0
        assert page.locator(".cell-bar").first.is_hidden()


def test_a_missing_runtime_is_told_and_the_stored_output_stays(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.route("**/runtime/**", lambda route: route.fulfill(status=404, body=""))
    page.goto(address + cells_book.PAGE)
    cell = page.locator('[data-cell="first"]')
    cell.get_by_role("button", name="Run", exact=True).click()
    expect(cell.locator(".cell-notice")).to_contain_text("Python could not be started")
    assert cell.locator(".cell_output").inner_text().strip().endswith("['Dune']")
    page.unroute("**/runtime/**")
    cell.get_by_role("button", name="Run", exact=True).click()
    expect(cell.locator(".cell-state")).to_contain_text("Run 1", timeout=SLOW)
    expect(cell.locator(".cell-notice")).to_be_hidden()


def test_a_touch_device_asks_first_and_once(browser: Browser, address: str) -> None:
    with browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800}) as phone:
        page = phone.new_page()
        page.goto(address + cells_book.PAGE)
        cell = page.locator('[data-cell="first"]')
        run = cell.get_by_role("button", name="Run", exact=True)
        run.tap()
        expect(cell.locator(".cell-notice")).to_contain_text("of memory while the page is open")
        assert " MB to fetch" in cell.locator(".cell-notice").inner_text()
        cell.get_by_role("button", name="Not now").tap()
        expect(cell.locator(".cell-notice")).to_be_hidden()
        run.tap()
        cell.get_by_role("button", name="Load and run").tap()
        expect(cell.locator(".cell-state")).to_contain_text("Run 1", timeout=SLOW)
        page.reload()
        run.tap()
        expect(cell.locator(".cell-state")).to_contain_text("Run 1", timeout=SLOW)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_with_an_editor_and_outputs_open(
        browser: Browser, address: str, scheme: str, width: int) -> None:
    with browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800}) as context:
        lesson = Lesson(context.new_page(), address).open()
        edit(lesson, "first", "# mine\n")
        lesson.run("second", "NameError")
        expect(lesson.output("second").locator(".plain-sentence")).to_be_visible()
        lesson.run("figure", "Run 2")
        lesson.press("kernel", "Why not here?")
        found = violations(lesson.page)
        assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []
        assert lesson.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
