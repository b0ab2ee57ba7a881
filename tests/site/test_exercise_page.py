"""An exercise of a page in a real Chromium: written, checked, helped with, begun anew, and never lost."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import exercise_book
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, expect
from visits import SLOW, Visit, violations

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exercise_book.publish(tmp_path_factory.mktemp("exercises"))


@dataclass
class Task(Visit):
    """The exercise in a page."""

    name: str = "double"

    def open(self) -> "Task":
        self.page.goto(self.address + exercise_book.PAGE)
        return self

    @property
    def box(self) -> Locator:
        return self.page.locator(f'course-exercise[data-exercise="lesson/{self.name}"]')

    @property
    def results(self) -> Locator:
        return self.box.locator(".exercise-results")

    @property
    def state(self) -> Locator:
        return self.box.locator(".cell-state")

    @property
    def code(self) -> Locator:
        return self.box.locator(".starter pre")

    def press(self, name: str) -> None:
        self.box.get_by_role("button", name=name, exact=True).click()

    def write(self, text: str) -> None:
        if self.box.get_by_role("button", name="Write your answer", exact=True).is_visible():
            self.press("Write your answer")
            expect(self.box.get_by_role("textbox")).to_be_focused()
        self.box.get_by_role("textbox").focus()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(text)

    def check(self, says: str) -> None:
        """Press Check and wait for words among the results."""
        self.press("Check")
        expect(self.results).to_contain_text(says, timeout=SLOW)
        expect(self.results).not_to_have_attribute("aria-busy", "true")

    def document(self) -> dict[str, object]:
        """What the browser keeps of it."""
        kept = self.page.evaluate("""() => {
          const key = Object.keys(localStorage).find((one) => one.endsWith("progress"));
          return key ? localStorage[key] : "{}";
        }""")
        return dict(json.loads(kept).get("items", {}).get(f"lesson/{self.name}", {}))


@pytest.fixture
def task(context: BrowserContext, address: str) -> Iterator[Task]:
    opened = Task(context.new_page(), address).open()
    yield opened
    opened.went_well(address)


def test_nothing_heavy_is_loaded_before_the_first_deed(task: Task) -> None:
    task.page.wait_for_load_state("networkidle")
    heavy = ("/runtime/", "editor", "desk", "checks")
    assert not [url for url in task.requests if any(word in url for word in heavy)]
    expect(task.box.locator(".hint:visible")).to_have_count(1)


def test_the_starter_fails_and_is_no_attempt(task: Task) -> None:
    task.check("This is the starter as it was")
    assert task.results.locator("li").count() == 0  # what a starter lacks is no mistake of the reader's
    assert task.document() == {}
    task.write("def double(value):\n    return 7\n")
    task.check("0 of 3 checks pass.")
    expect(task.results.locator("li").nth(0)).to_contain_text("not yet it doubles a number")
    expect(task.results.locator("li").nth(1)).to_contain_text("First make this pass: it doubles a number.")


def test_an_answer_is_checked_kept_and_passed(task: Task) -> None:
    task.write("def double(value):\n    print('hello')\n    return value + 1\n")
    task.page.keyboard.press("Control+Enter")
    expect(task.results).to_contain_text("0 of 3 checks pass.", timeout=SLOW)
    first = task.results.locator("li").first
    expect(first.locator("dd")).to_have_text(["4", "3"])
    expect(first.locator("pre")).to_be_hidden()
    first.get_by_text("Your code printed").click()
    expect(first.locator("pre")).to_have_text("hello")
    expect(task.state).to_have_text("Not passed yet")
    task.write(exercise_book.RIGHT)
    task.page.keyboard.press("Shift+Enter")
    expect(task.results).to_contain_text("All checks pass.", timeout=SLOW)
    expect(task.state).to_contain_text("Passed on 20")
    [epoch] = task.document().values()
    assert isinstance(epoch, dict)
    assert epoch["attempts"] == 2
    assert epoch["hash"] == task.box.get_attribute("data-fingerprint")
    task.page.reload()
    expect(task.state).to_contain_text("Passed on 20")
    expect(task.code).to_have_text(exercise_book.RIGHT)


def test_a_text_outlives_a_killed_tab(context: BrowserContext, task: Task) -> None:
    task.write("mine = 1\n")
    task.page.keyboard.type("m")
    other = Task(context.new_page(), task.address).open()  # the first tab never got to say goodbye
    expect(other.code).to_have_text("mine = 1\nm\n")
    other.write("theirs = 2\n")
    expect(task.box.locator(".cm-content")).to_contain_text("theirs = 2")


def test_a_line_leads_into_the_editor(task: Task) -> None:
    task.write("def double(value):\n    return value['x']\n")
    task.press("Close the editor")
    task.check("TypeError")
    task.results.get_by_role("button", name="Go to line 2").first.click()
    expect(task.box.get_by_role("textbox")).to_be_focused()
    assert task.page.evaluate("getSelection().toString().trim()") == "return value['x']"


DOUBLE = "import os\ndef double(value):\n"
FORGES = """import js
from pyodide.ffi import to_js
def double(value):
    for kind in ("step", "ready", "ended"):
        passes = '{"result": {"status": "pass", "checks": []}, "clean": true}'
        message = {"type": kind, "id": 2, "word": "", "reply": passes}
        js.postMessage(to_js(message, dict_converter=js.Object.fromEntries))
    return 0
"""
HARD = {
    "an endless loop": (f"{DOUBLE}    while True:\n        pass\n", "longer than 1 seconds. When it was stopped"),
    "a built-in that never returns": (f"{DOUBLE}    return sum(iter(int, 1))\n", "longer than 1 seconds, so it"),
    "os._exit": (f"{DOUBLE}    os._exit(3)\n", "ended (exit status 3)"),
    "an exit at import": ("import os\nos._exit(0)\n", "could not be loaded. The program ended"),
    "a million lines": (f"{DOUBLE}    while True:\n        print('x' * 99)\n", "printed more than 2 MB"),
    "lines past Python": (f"{DOUBLE}    for _ in range(2000):\n        os.write(1, b'x\\n')\n    return 0\n",
                          "double(2) is wrong"),
    "memory": (f"import sys\n{DOUBLE}    return bytearray(sys.maxsize)\n", "more memory"),
    "await outside a function": ("import asyncio\nawait asyncio.sleep(0)\n", "outside function"),
    "a message of its own": (FORGES, "double(2) is wrong"),
}


@pytest.mark.parametrize("name", HARD)
def test_what_breaks_python_is_told_in_words(context: BrowserContext, address: str, name: str) -> None:
    task = Task(context.new_page(), address).open()
    source, words = HARD[name]
    task.write(source)
    task.check(words)
    expect(task.state).to_have_text("Not passed yet")
    task.write(exercise_book.RIGHT)
    task.check("All checks pass.")


def test_stop_ends_a_check_and_the_focus_stays(task: Task) -> None:
    task.write("def double(value):\n    return sum(iter(int, 1))\n")
    task.press("Check")
    stop = task.box.get_by_role("button", name="Stop")
    expect(task.state).to_contain_text("Checking: it doubles a number", timeout=SLOW)
    expect(stop).to_be_focused()
    stop.click()
    expect(task.results).to_contain_text("Stopped. Nothing was decided")
    expect(task.box.get_by_role("button", name="Check")).to_be_focused()


def test_hints_come_one_by_one_and_the_solution_after_a_question(task: Task) -> None:
    hints = task.box.locator(".hint")
    hints.nth(0).locator("summary").click()
    expect(task.box.locator(".hint:visible")).to_have_count(2)
    solution = task.box.locator(".solution")
    solution.locator("summary").click()
    expect(task.box.locator(".cell-notice")).to_contain_text("You have not passed it yet. 2 of 3 hints are left.")
    assert solution.get_attribute("open") is None
    task.press("Not now")
    assert solution.get_attribute("open") is None
    solution.locator("summary").click()
    task.press("Show the solution")
    expect(solution.locator("pre")).to_contain_text("return value + value")
    task.page.reload()
    expect(task.box.locator(".hint:visible")).to_have_count(2)
    [epoch] = task.document().values()
    assert isinstance(epoch, dict)
    assert epoch["hints"] == 1


def test_reset_can_be_undone_also_after_a_reload(task: Task) -> None:
    starter = task.code.inner_text()
    task.write("mine = 1\n")
    task.press("Close the editor")
    task.press("Reset")
    expect(task.results).to_contain_text("Undo reset brings your text back")
    assert task.code.inner_text() == starter
    task.page.reload()
    expect(task.box.get_by_role("button", name="Undo reset")).to_be_visible()
    task.press("Undo reset")
    expect(task.code).to_have_text("mine = 1\n")


def test_an_exercise_that_changed_since_it_was_passed_says_so(task: Task) -> None:
    task.write(exercise_book.RIGHT)
    task.check("All checks pass.")
    passed = task.box.get_attribute("data-fingerprint") or ""
    task.page.route("**/lesson.html", lambda route: route.fulfill(
        response=(found := route.fetch()), body=found.text().replace(passed, "0123456789abcdef")))
    task.page.reload()
    expect(task.state).to_contain_text("The exercise has changed since you passed it")
    expect(task.state).to_contain_text("Passed on 20")


def test_what_needs_a_server_says_where_it_can_be_checked(context: BrowserContext, address: str) -> None:
    task = Task(context.new_page(), address, name="locked").open()
    assert task.box.get_by_role("button", name="Check").count() == 0
    task.press("Why not here?")
    expect(task.box.locator(".cell-notice")).to_contain_text("course watch lesson/locked")
    task.press("Why not here?")
    expect(task.box.locator(".cell-notice")).to_be_hidden()


def test_without_a_network_the_text_stays_and_check_can_be_pressed_again(context: BrowserContext, address: str) -> None:
    task = Task(context.new_page(), address).open()
    task.page.route("**/runtime/*", lambda route: route.abort())
    task.write(exercise_book.RIGHT)
    task.check("Check the connection and press Check again.")
    task.page.unroute("**/runtime/*")
    task.check("All checks pass.")


def test_a_forbidden_storage_is_no_hindrance(context: BrowserContext, address: str) -> None:
    task = Task(context.new_page(), address)
    task.page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })")
    task.open()
    task.write(exercise_book.RIGHT)
    task.check("All checks pass.")
    expect(task.state).to_contain_text("Passed on 20")


def test_without_codemirror_a_text_area_serves(context: BrowserContext, address: str) -> None:
    task = Task(context.new_page(), address).open()
    task.page.route("**/editor-*", lambda route: route.abort())
    task.press("Write your answer")
    area = task.box.locator("textarea")
    area.fill(exercise_book.RIGHT)
    area.press("Control+Enter")
    expect(task.results).to_contain_text("All checks pass.", timeout=SLOW)


def test_a_touch_device_asks_first_and_once(browser: Browser, address: str) -> None:
    with browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800}) as context:
        task = Task(context.new_page(), address).open()
        task.press("Check")
        expect(task.box.locator(".cell-notice")).to_contain_text("MB to fetch, once")
        task.press("Not now")
        assert not [url for url in task.requests if "worker" in url]
        task.press("Check")
        task.press("Load and check")
        expect(task.results).to_contain_text("This is the starter as it was", timeout=SLOW)
        assert task.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_a_script_all_is_as_it_was(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        task = Task(context.new_page(), address).open()
        expect(task.box.locator(".hint:visible")).to_have_count(3)
        expect(task.box.locator(".exercise-bar")).to_be_hidden()
        task.box.locator(".solution summary").click()
        expect(task.box.locator(".solution pre")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_with_an_editor_and_results_open(browser: Browser, address: str, theme: str) -> None:
    with browser.new_context(bypass_csp=True, color_scheme="dark" if theme == "dark" else "light") as context:
        task = Task(context.new_page(), address).open()
        task.write("def double(value):\n    print(1)\n    return value['x']\n")
        task.check("0 of 3")
        task.box.locator(".hint summary").first.click()
        task.box.locator(".solution summary").click()
        found = violations(task.page, "course-exercise")
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
