"""The player of a recording in a real Chromium: it explains step by step, by any input, and gives the picture back."""

from collections.abc import Iterator
from pathlib import Path

import player_book
import pytest
import site_files
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from visits import SLOW, violations

from course.site import player

pytestmark = pytest.mark.browser
PACE = 2000  # milliseconds a step is shown at the usual speed
WATCH = """window.moved = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.moved += one.value; })
  .observe({ type: "layout-shift", buffered: true });"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return player_book.publish(tmp_path_factory.mktemp("player"))


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with site_files.served(site.parent) as base:
        yield f"{base}{site.name}/{player_book.PAGE}"


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    """The lesson, opened; at the end nothing has gone wrong in it."""
    wrong: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    opened.add_init_script(WATCH)
    opened.goto(address)
    yield opened
    assert wrong == []
    assert opened.evaluate("window.broken") is None


def cell(page: Page, name: str = "lanes") -> Locator:
    return page.locator(f'[data-cell="{name}"]')


def press(place: Locator, button: str) -> None:
    place.get_by_role("button", name=button, exact=True).click()


def at(place: Locator, step: int, steps: int = 6) -> None:
    expect(place.locator(".player-place")).to_have_text(f"Step {step} of {steps}")


def table(place: Locator) -> dict[str, list[str]]:
    rows = place.locator(".player-state tbody tr").all()
    return {row.locator("th").inner_text(): [value.inner_text() for value in row.locator("td").all()] for row in rows}


def test_a_bar_stands_under_each_recording_before_the_script_comes_and_nothing_moves(page: Page) -> None:
    bars = page.get_by_role("group").filter(has=page.get_by_role("button", name="Play"))
    titles = [bar.get_attribute("aria-label") for bar in bars.all()]
    assert titles == ["Play: One copy, two readers", "Play: A loan over HTTP", "Play: What it stands on",
                      "Play: The life of a task"]
    assert cell(page, "bars").locator(".player-bar").count() == cell(page, "still").locator(".player-bar").count() == 0
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.moved") < 0.01


def test_the_player_comes_at_the_first_press(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    press(cell(page), "Step")
    at(cell(page), 1)
    assert any(name.startswith("player-") for name in asked)


def test_without_a_script_the_picture_is_whole_and_there_is_no_bar(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address)
        expect(cell(page).locator("svg.course-figure")).to_be_visible()
        expect(cell(page).locator(".player-bar")).to_be_hidden()


def test_a_step_tells_what_ran_why_and_the_state_before_and_after(page: Page) -> None:
    place = cell(page)
    for _ in range(2):
        press(place, "Step")
    at(place, 2)
    expect(place.locator(".player-what")).to_have_text("Ann: takes <b>Dune</b>")
    expect(place.locator(".player-why")).to_have_text("<script>window.broken = 1</script>")
    assert table(place) == {"copies": ["1", "0 changed"], "refused": ["\u2013", "\u2013"],
                            "under way": ["loan (Ann)", "loan (Ann)"]}
    expect(place.get_by_role("status")).to_contain_text("Step 2 of 6. Ann: takes <b>Dune</b>. <script>")
    expect(place.get_by_role("status")).to_contain_text("Changed: copies: from 1 to 0.")


def test_later_events_are_faint_and_the_current_one_is_framed_and_bold(page: Page) -> None:
    place = cell(page)
    for _ in range(4):
        press(place, "Step")
    at(place, 4)
    look = """part => [part.querySelector("text")].map((words) => [Number(getComputedStyle(part).opacity) < 0.3,
        getComputedStyle(words).fontWeight])[0]"""
    page.wait_for_timeout(400)  # the change of opacity has ended
    rows = [place.locator(f'g[data-step="{step}"]').evaluate(look) for step in range(1, 7)]
    assert rows == [[False, "400"]] * 3 + [[False, "700"]] + [[True, "400"]] * 2
    ring, row = (place.locator(name).bounding_box() for name in (".player-ring", 'g[data-step="4"]'))
    assert ring
    assert row
    assert ring["x"] < row["x"] + 1
    assert ring["y"] - 6 < row["y"] < row["y"] + row["height"] < ring["y"] + ring["height"] + 6
    ends = "bars => bars.map((bar) => bar.getBoundingClientRect().bottom)"
    assert all(end < row["y"] + row["height"] for end in place.locator("path[data-until]").evaluate_all(ends))


def test_whole_picture_and_escape_give_back_what_was_there(page: Page) -> None:
    place = cell(page)
    svg = place.locator("svg.course-figure")
    classless = "svg => svg.outerHTML.replaceAll(' class=\"\"', '')"
    where = "svg => [svg.getBoundingClientRect()].map(({x, y, width}) => [x, Math.round(y + scrollY), width])[0]"
    before, size = svg.evaluate(classless), svg.evaluate(where)
    press(place, "Step")
    at(place, 1)
    assert svg.evaluate(classless) != before
    assert svg.evaluate(where) == size
    press(place, "Whole picture")
    assert svg.evaluate(classless) == before
    expect(place.locator(".player-panel")).to_be_hidden()
    expect(place.get_by_role("button", name="Play")).to_be_focused()
    press(place, "Step")
    at(place, 1)
    page.keyboard.press("Escape")
    expect(place.locator(".player-place")).to_have_text("6 steps")
    assert svg.evaluate(classless) == before


def test_the_keyboard_does_all_and_is_never_trapped(page: Page) -> None:
    place = cell(page)
    place.get_by_role("button", name="Play").focus()
    for key, step in (("ArrowRight", 1), ("ArrowRight", 2), ("End", 6), ("ArrowRight", 6), ("ArrowLeft", 5),
                      ("Home", 1), ("ArrowLeft", 1)):
        page.keyboard.press(key)
        at(place, step)
    top = page.evaluate("scrollY")
    page.keyboard.press("Control+ArrowRight")  # not meant for the player
    at(place, 1)
    assert page.evaluate("scrollY") == top
    names = ["Step", "Back", "First", "Last", "Whole picture", "Position", "Speed"]
    for name in names:
        page.keyboard.press("Tab")
        expect(place.locator(":focus")).to_have_accessible_name(name)
    page.keyboard.press("Tab")
    assert page.locator(".player-bar:focus-within").count() == 0
    place.get_by_label("Position").focus()
    page.keyboard.press("ArrowRight")
    at(place, 2)
    expect(place.get_by_label("Position")).to_have_attribute("aria-valuetext", "Step 2 of 6")
    page.keyboard.press("Space")
    expect(place.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Escape")
    expect(place.get_by_role("button", name="Play")).to_be_focused()
    page.keyboard.press("Space")
    expect(place.get_by_role("button", name="Pause")).to_be_focused()


@pytest.mark.parametrize("width", [340, 390, 640, 1280])
def test_the_first_press_fills_a_row_that_was_kept_for_it(browser: Browser, address: str, width: int) -> None:
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        page.goto(address)
        for name, figure in player_book.figures().items():
            if not player.recording(figure.svg):
                continue
            bar = cell(page, name).locator(".player-bar")
            before = bar.bounding_box()
            press(bar, "Step")
            at(cell(page, name), 1, player.recording(figure.svg)[1])
            after = bar.bounding_box()
            assert before
            assert after
            assert after["height"] == before["height"], name
            press(bar, "Whole picture")
            expect(cell(page, name).locator(".player-panel")).to_be_hidden()
            assert bar.evaluate("bar => bar.offsetHeight") == round(before["height"])


def test_who_comes_with_the_keyboard_is_told_the_keys(page: Page) -> None:
    bar = cell(page).locator(".player-bar")
    shown = "bar => getComputedStyle(bar, '::after').content"
    assert bar.evaluate(shown) == '""'
    page.keyboard.press("Tab")  # from here on the focus is seen
    bar.get_by_role("button", name="Play").focus()
    assert bar.evaluate(shown).strip('"') == bar.get_attribute("aria-description") == player.KEYS


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_what_happens_now_and_the_controls_stay_in_a_low_window(browser: Browser, address: str, motion: str) -> None:
    with browser.new_context(viewport={"width": 640, "height": 300}, reduced_motion=motion) as context:
        page = context.new_page()
        page.goto(address)
        place = cell(page)
        press(place, "Step")
        at(place, 1)
        for step in (1, 6, 3):
            place.get_by_role("button", name="Step").focus()
            page.keyboard.press({1: "Home", 6: "End", 3: "Home"}[step])
            for _ in range(2 * (step == 3)):
                page.keyboard.press("ArrowRight")
            at(place, step)
            header = page.locator(".site-header").bounding_box()
            ring, bar = (place.locator(name).bounding_box() for name in (".player-ring", ".player-bar"))
            assert ring
            assert bar
            assert header
            assert header["height"] <= ring["y"] < ring["y"] + ring["height"] <= bar["y"], step
            assert bar["y"] + bar["height"] <= 300
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        before = page.evaluate("scrollY")
        page.keyboard.press("End")
        at(place, 6)
        assert page.evaluate("scrollY") == before  # who reads elsewhere is not taken back


def test_a_picture_that_fits_scrolls_nothing(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 1000}) as context:
        page = context.new_page()
        page.goto(address)
        cell(page).locator(".player-bar").scroll_into_view_if_needed()
        before = page.evaluate("scrollY")
        for step in range(1, 7):
            press(cell(page), "Step")
            at(cell(page), step)
        assert page.evaluate("scrollY") == before


def test_play_goes_on_by_itself_to_the_end_and_pause_holds_it(page: Page) -> None:
    page.clock.install()
    place = cell(page)
    press(place, "Play")
    at(place, 1)
    page.clock.run_for(PACE)
    at(place, 2)
    press(place, "Pause")
    page.clock.run_for(5 * PACE)
    at(place, 2)
    press(place, "Play")
    at(place, 3)
    page.clock.run_for(3 * PACE)
    at(place, 6)
    expect(place.get_by_role("button", name="Play")).to_be_visible()
    press(place, "Play")
    at(place, 1)
    press(place, "Step")
    page.clock.run_for(5 * PACE)
    at(place, 2)


def test_the_speed_holds_for_all_players_and_is_kept(page: Page) -> None:
    press(cell(page), "Step")
    cell(page).get_by_label("Speed").select_option("2")
    page.reload()
    page.clock.install()
    place = cell(page, "ladder")
    press(place, "Play")
    at(place, 1, 3)
    expect(place.get_by_label("Speed")).to_have_value("2")
    page.clock.run_for(PACE / 2)
    at(place, 2, 3)


def test_with_reduced_motion_steps_follow_without_transitions(browser: Browser, address: str) -> None:
    for motion, moves in (("no-preference", True), ("reduce", False)):
        with browser.new_context(reduced_motion=motion) as context:
            page = context.new_page()
            page.clock.install()
            page.goto(address)
            press(cell(page), "Play")
            at(cell(page), 1)
            lasting = "part => getComputedStyle(part).transitionDuration"
            seconds = cell(page).locator('g[data-step="6"]').evaluate(lasting)
            assert (float(seconds.removesuffix("s")) > 0) is moves
            page.clock.run_for(PACE)
            at(cell(page), 2)


@pytest.mark.parametrize(("name", "steps"), [("ladder", 3), ("tree", 3), ("graph", 4)])
def test_other_pictures_are_stepped_through_too(page: Page, name: str, steps: int) -> None:
    place = cell(page, name)
    seen = []
    for step in range(1, steps + 1):
        press(place, "Step")
        at(place, step, steps)
        seen.append((place.locator(".is-later").count(), place.locator(".player-ring").count(),
                     place.locator(".player-what").inner_text()))
    assert seen == {
        "ladder": [(2, 1, "client \u2192 server: POST /loans"), (1, 1, "server: stores it"),
                   (0, 1, "server \u2192 client: 201 Created")],
        "tree": [(2, 1, "settings: called"), (1, 1, "limit: called"), (0, 1, "endpoint: called")],
        "graph": [(5, 2, "created \u2192 running: task 1"), (3, 2, "running \u2192 waiting: task 1"),
                  (2, 2, "waiting \u2192 running: task 1"), (0, 2, "running \u2192 done: task 1")],
    }[name]


def test_a_press_on_an_event_of_a_stepped_picture_goes_there(page: Page) -> None:
    place = cell(page)
    place.locator('g[data-step="5"] text').first.click()
    expect(place.locator(".player-place")).to_have_text("6 steps")
    press(place, "Step")
    at(place, 1)
    place.locator('g[data-step="5"] text').first.click()
    at(place, 5)


def test_print_shows_the_whole_picture(page: Page) -> None:
    place = cell(page)
    press(place, "Step")
    at(place, 1)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(place.locator(".player-bar")).to_be_hidden()
    expect(place.locator(".player-panel")).to_be_hidden()
    assert place.locator(".is-later, .player-ring").count() == 0
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert place.locator(".player-ring").count() == 1


def test_a_player_that_cannot_be_loaded_says_so(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.route("**/player-*.mjs", lambda route: route.abort())
    page.goto(address)
    press(cell(page), "Step")
    expect(cell(page).locator(".player-place")).to_contain_text("could not be loaded")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_sticks_out(browser: Browser, address: str, scheme: str, width: int) -> None:
    with browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        page.goto(address)
        for name in player_book.figures():
            if cell(page, name).locator(".player-bar").count():
                press(cell(page, name), "Step")
                expect(cell(page, name).locator(".player-panel")).to_be_visible()
        page.wait_for_timeout(400)
        found = violations(page)
        assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_picture_that_a_run_draws_has_the_same_player(page: Page) -> None:
    place = cell(page, "live")
    place.locator(".cell-bar").get_by_role("button", name="Run", exact=True).click()
    expect(place.locator(".player-bar")).to_be_visible(timeout=SLOW)
    stored = cell(page).locator(".player-bar").evaluate("bar => bar.outerHTML")
    shown = place.locator(".player-bar").evaluate("bar => bar.outerHTML")
    assert shown == stored.replace("One copy, two readers", "Two loans, drawn by a run").replace("6 steps", "2 steps")
    press(place.locator(".player-bar"), "Play")
    at(place, 1, 2)
    expect(place.locator(".player-why")).to_have_text("<img src=x onerror=alert(1)>")
    assert table(place) == {"left": ["\u2013", "1 new"]}
    place.locator(".cell-bar").get_by_role("button", name="Run", exact=True).click()
    expect(place.locator(".player-place")).to_have_text("2 steps", timeout=SLOW)
    page.wait_for_timeout(PACE + 200)  # the player of the picture that is gone has stopped
