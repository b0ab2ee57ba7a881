"""Questions in a notebook, answered as a page answers them, in a real kernel."""

import pytest
from small_course import QUIZ, write

from course.check import quiz


def option(name: str, text: str) -> quiz.Option:
    [found] = [one for one in quiz.parse(QUIZ, "quiz.md").question(name).options if one.text.startswith(text)]
    return found


def controls(page, view, model):
    return [one for one in page.inside(view) if page.models[one]["_model_name"] == model]


def beside(page, view, model, text):
    """The control in the row that shows this text."""
    rows = [one for one in controls(page, view, "HBoxModel") if text in page.read(one)]
    [found] = [control for row in rows for control in controls(page, row, model)]
    return found


def test_a_choice_is_made_with_radio_buttons(page, seen):
    output = page.run('quiz("loans/nothing_runs")')
    view = output.view
    assert output.pieces[0]["text/markdown"] == "What has run after `book = fetch(42)`?"
    assert "All of it:\n\n```python\nreturn book\n```" in page.read(view)
    page.press(view, "Check")
    assert "Choose one answer first." in page.read(view)
    assert seen("loans/quiz/nothing_runs").status == "new"
    wrong, right = (beside(page, view, "RadioButtonsModel", text) for text in ("All of it", "Nothing of"))
    page.set(wrong, index=0)
    page.press(view, "Check")
    assert "Not right." in page.read(view)
    assert "It has not begun." in page.read(view)
    assert "Calling builds" not in page.read(view)
    assert seen("loans/quiz/nothing_runs").missed
    page.set(right, index=0)
    assert page.models[wrong]["index"] is None  # the browser takes each row for a group of its own
    page.press(view, "Check")
    assert "Right." in page.read(view)
    assert "Calling builds a coroutine object." in page.read(view)
    noted = seen("loans/quiz/nothing_runs")
    assert (noted.status, noted.attempts, noted.text) == ("passed", 2, option("nothing_runs", "Nothing").id)


def test_several_are_chosen_with_check_boxes(page, seen):
    view = page.run('quiz("loans/who_yields")').view
    boxes = {text: beside(page, view, "CheckboxModel", text) for text in ("asyncio.sleep", "lock", "time.sleep")}
    assert page.models[boxes["lock"]]["tooltip"] == "`await lock.acquire()`"  # what a letter alone does not say
    for text in ("lock", "time.sleep"):
        page.set(boxes[text], value=True)
    page.press(view, "Check")
    assert "1 of your 2 choices is wrong, and 1 right answer is missing" in page.read(view)
    letter = page.models[boxes["time.sleep"]]["description"]
    assert f"**{letter}** (wrong): It blocks the loop." in page.read(view)
    page.set(boxes["time.sleep"], value=False)
    page.set(boxes["asyncio.sleep"], value=True)
    page.press(view, "Check")
    assert " Right. " in page.read(view)
    assert set(seen("loans/quiz/who_yields").text.split()) == {
        option("who_yields", "`await lock").id, option("who_yields", "`await asyncio").id}


def test_entries_are_moved_up_and_down(page, seen):
    view = page.run('quiz("loans/first_steps")').view
    right = ["Resolve the name.", "Open the connection.", "Send the request."]

    def order():
        return [piece["text/markdown"].split("\\. ")[1] for piece in page.pieces(view)[:3]]

    def move(place, word):
        row = [one for one in controls(page, view, "HBoxModel") if len(page.inside(one)) == 4][place]
        page.press(row, word)

    assert sorted(order()) == sorted(right)
    assert order() != right
    page.press(view, "Check")
    assert "Not yet:" in page.read(view)
    for place, text in enumerate(right):
        for above in range(order().index(text), place, -1):
            move(above, "Up")
    assert order() == right
    move(0, "Down")
    assert order() == [right[1], right[0], right[2]]
    move(0, "Down")
    page.press(view, "Check")
    assert "Right." in page.read(view)
    assert "Nothing can be sent before there is a connection." in page.read(view)
    assert seen("loans/quiz/first_steps").status == "passed"
    again = page.run('quiz("loans/first_steps")').view
    assert [piece["text/markdown"].split("\\. ")[1] for piece in page.pieces(again)[:3]] == right


def test_a_prediction_stands_before_the_next_cell(page, seen):
    output = page.run('predict("loans/counts")')
    asked = output.pieces[0]["text/markdown"]
    assert asked.startswith("**Predict.** Answer before you run the next cell; its output is folded until then.\n\n"
                            "What does this print?")
    view = output.view
    assert "Now run" not in page.read(view)
    assert "white-space: pre-wrap" in page.pieces(view)[0]["text/html"]
    page.set(beside(page, view, "RadioButtonsModel", "0\n1"), index=0)
    page.press(view, "Check")
    assert "The end is not part of a range." in page.read(view)
    assert "Now run the next cell and compare." in page.read(view)
    assert seen("loans/quiz/counts").status == "passed"


def test_a_word_is_typed_and_enter_checks_it(page, seen):
    view = page.run('quiz("loans/keyword")').view
    line = page.find(view, "description", "Your answer")
    page.enter(view)
    assert "Type an answer first." in page.read(view)
    page.set(line, value="ASYNC")
    page.enter(view)
    assert "It declares." in page.read(view)
    page.set(line, value="yield <b>")
    page.press(view, "Check")
    assert "Check the spelling" in page.read(view)
    assert (seen("loans/quiz/keyword").attempts, seen("loans/quiz/keyword").text) == (2, "yield <b>")
    page.set(line, value=" Await")
    page.enter(view)
    assert "It runs the coroutine." in page.read(view)


def test_the_last_answer_is_shown_again(page, seen):
    page.run('quiz("loans/nothing_runs", "ab"); quiz("loans/nothing_runs", "b"); quiz("loans/keyword", "await")')
    attempts = seen("loans/quiz/nothing_runs").attempts
    output = page.run('quiz("loans/nothing_runs")')
    chosen = [page.models[one]["index"] for one in controls(page, output.view, "RadioButtonsModel")]
    assert chosen == [None, 0]
    assert "You answered B on 2" in page.read(output.view)
    assert "ight." in page.read(output.view)
    assert seen("loans/quiz/nothing_runs").attempts == attempts
    again = page.run('quiz("loans/keyword")').view
    assert page.models[page.find(again, "description", "Your answer")]["value"] == "await"
    assert "You answered await on 2" in page.read(again)


def test_an_answer_to_an_older_question_is_left_out(page, root):
    page.run('quiz("loans/nothing_runs", "A"); quiz("loans/first_steps", "CBA")')
    write(root, {"exercises/loans/quiz.md": QUIZ.replace("Nothing of `fetch`", "None of `fetch`").replace(
        "All of it", "Each line").replace("Resolve the name", "Look up the name")})
    for name in ("nothing_runs", "first_steps"):
        view = page.run(f'quiz("loans/{name}")').view
        assert "You answered" not in page.read(view)


def test_an_editor_without_buttons_is_answered_in_the_cell(page, seen):
    output = page.run('quiz("loans/who_yields")')
    instead = output.pieces[1]["text/markdown"]
    assert instead == output.pieces[1]["text/plain"]
    assert 'write `quiz("loans/who_yields", "...")` with the letters of your answers for the dots' in instead
    letters = {line.split("**")[1][0]: line for line in instead.splitlines() if line.startswith("- **")}
    right = ", ".join(letter.lower() for letter, line in letters.items() if "time" not in line)
    assert "**Right.**" in page.run(f'quiz("loans/who_yields", "{right}")').pieces[1]["text/markdown"]
    assert seen("loans/quiz/who_yields").status == "passed"
    instead = page.run('predict("loans/counts")').pieces[1]["text/markdown"]
    assert "**\n\n  ```text\n  0\n  1\n  ```" in instead
    assert 'write `predict("loans/counts", "...")`' in instead


@pytest.mark.parametrize(("call", "told"), [
    ('quiz("loans/who_yields", "AX")', "There is no answer X; there are A, B, C."),
    ('quiz("loans/first_steps", "AB")', "Give all letters from first to last; there are A, B, C."),
    ('quiz("loans/nothing_runs", "")', "Choose one answer first."),
])
def test_an_answer_that_means_nothing_is_told_and_not_noted(page, seen, call, told):
    output = page.run(call)
    assert told in output.pieces[1]["text/markdown"]
    assert told in page.read(output.view)
    assert not output.errors
    assert seen("loans/quiz/" + call.split('"')[1].split("/")[1]).attempts == 0


def test_two_questions_in_a_cell_are_both_shown(page):
    output = page.run('quiz("loans/nothing_runs")\nquiz("loans/keyword")')
    assert len(output.pieces) == 4


@pytest.mark.parametrize(("files", "told"), [
    ({"exercises/loans/quiz.md": "## no_options {choice}\n\nWhy?\n"}, "The quiz of this lesson is broken"),
    ({"exercises/loans/quiz.md": QUIZ.replace("  1\n  2\n", "  0\n  1\n")}, "The quiz of this lesson is broken"),
    ({"work/progress.json/keep": ""}, "then try again."),
    ({"work/progress.json": "[]"}, "progress begins anew"),
])
def test_what_stands_in_the_way_is_told_in_a_sentence(page, root, files, told):
    write(root, files)
    output = page.run('predict("loans/counts")')
    assert told in output.text("text/markdown")
    assert not output.errors


def test_an_answer_that_cannot_be_kept_is_judged_all_the_same(page, root):
    view = page.run('quiz("loans/keyword")').view
    write(root, {"work": "a file in place of the folder"})
    page.set(page.find(view, "description", "Your answer"), value="await")
    page.press(view, "Check")
    assert "Right." in page.read(view)
    assert "Your answer could not be kept." in page.read(view)
