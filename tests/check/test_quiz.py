"""Quizzes: what is read from the file, what is refused with which words, and how answers are judged."""

import json
from dataclasses import replace
from textwrap import dedent

import pytest

from course.check import quiz
from course.check.quiz_model import normalised

GOOD = dedent('''\
    # Threads and the GIL

    Each answer can be found by running a cell.

    ## gil_waiting {choice}

    While one thread waits for a socket, what may another do?

    - an ordinary bullet of the question

    ```python
    ## not_a_heading {choice}
    - [x] not an option
    ```

    - [x] Run Python code.
      > Waiting gives up the lock.
      >
      > ```python
      > sock.recv(1)
      > ```
    - [ ] Nothing.

      ```text
      > not a quote
      ```

      > The lock is given up before the wait.

    > See the second figure.

    ## who_yields {multi}

    Which let another thread run?

    - [X] `sleep(1)`
      > It waits.
    - [x] `recv(1)`
      > It waits, too.
    - [ ] `2 ** 9`
      > Too short to switch.

    ## handshake {order}

    Put these in order:

    1. SYN
    2. SYN-ACK
    3. ACK, which
       may carry data

    > Three messages.

    ## sorted_twice {predict}

    What is printed?

    ```python
    print("a")
    print("b")
    ```

    - `a b`
      > Each `print` ends its line.
    - ```text
      b
      a
      ```
      > They run from top to bottom.

    > One line each.

    ## status {text}

    Which status says that a page is missing?

    - [x] 404
    - [x] `404 Not Found`
    - [ ] 400
      > That blames the request's form.

    > RFC 9110, section 15.5.5.
    ''')

CHOICE = "## one {choice}\n\nWhich?\n\n- [x] yes\n  > good\n- [ ] no\n  > bad\n"
ORDER = "## one {order}\n\nOrder:\n\n1. a\n2. b\n3. c\n\n> so\n"
PREDICT = "## one {predict}\n\nWhat?\n\n```python\nprint(1)\n```\n\n- `2`\n  > bad\n\n> so\n"
TYPED = "## one {text}\n\nWhich?\n\n- [x] yes\n- [ ] no\n  > bad\n\n> so\n"


@pytest.fixture(scope="module")
def good():
    return quiz.parse(GOOD, "exercises/threads_gil/quiz.md")


def option_at(question, position):
    return question.options[position].id


# Reading

def test_title_intro_names_and_kinds(good):
    assert (good.title, good.intro) == ("Threads and the GIL", "Each answer can be found by running a cell.")
    assert [(question.name, question.kind) for question in good.questions] == [
        ("gil_waiting", "choice"), ("who_yields", "multi"), ("handshake", "order"), ("sorted_twice", "predict"),
        ("status", "text")]


def test_markdown_stays_markdown_and_code_is_not_read_as_structure(good):
    question = good.question("gil_waiting")
    assert question.text == ("While one thread waits for a socket, what may another do?\n\n"
                             "- an ordinary bullet of the question\n\n"
                             "```python\n## not_a_heading {choice}\n- [x] not an option\n```")
    right, wrong = question.options
    assert (right.text, right.right) == ("Run Python code.", True)
    assert right.feedback == "Waiting gives up the lock.\n\n```python\nsock.recv(1)\n```"
    assert (wrong.text, wrong.right) == ("Nothing.\n\n```text\n> not a quote\n```", False)
    assert wrong.feedback == "The lock is given up before the wait."
    assert question.explanation == "See the second figure."


def test_each_part_knows_its_line(good):
    lines = GOOD.splitlines()
    for question in good.questions:
        assert lines[question.line - 1] == f"## {question.name} {{{question.kind}}}"
    assert [lines[option.line - 1] for option in good.question("status").options] == [
        "- [x] 404", "- [x] `404 Not Found`", "- [ ] 400"]


def test_an_entry_of_an_order_may_have_several_lines(good):
    assert [option.text for option in good.question("handshake").options] == [
        "SYN", "SYN-ACK", "ACK, which\nmay carry data"]


def test_ten_entries_of_an_order_are_indented_by_four():
    entries = "".join(f"{number}. step {number}\n{' ' * len(f'{number}. ')}goes on\n" for number in range(1, 11))
    [question] = quiz.parse(f"## long {{order}}\n\nOrder:\n\n{entries}\n> So it is.\n", "quiz.md").questions
    assert [option.text for option in question.options] == [f"step {n}\ngoes on" for n in range(1, 11)]


def test_a_prediction_holds_its_program_and_outputs_without_markup(good):
    question = good.question("sorted_twice")
    assert question.program == 'print("a")\nprint("b")\n'
    assert [(option.text, option.right) for option in question.options] == [("a b", False), ("b\na", False)]
    assert "```python" in question.text


def test_a_typed_answer_loses_its_backticks(good):
    assert [option.text for option in good.question("status").options] == ["404", "404 Not Found", "400"]


def test_windows_line_ends_read_the_same(good):
    assert quiz.parse(GOOD.replace("\n", "\r\n"), "exercises/threads_gil/quiz.md") == good


def test_a_question_is_found_by_name_or_the_names_are_listed(good):
    assert good.question("handshake").kind == "order"
    with pytest.raises(LookupError, match=r"exercises/threads_gil/quiz\.md: no question is called 'hand'; there are: "
                                          "gil_waiting, who_yields"):
        good.question("hand")


def test_three_backticks_within_a_line_are_a_code_span_and_open_nothing():
    [question] = quiz.parse(CHOICE.replace("Which?", "```x``` or y?"), "quiz.md").questions
    assert question.text == "```x``` or y?"
    assert len(question.options) == 2


def test_a_list_in_the_code_of_an_option_is_no_option():
    code = "- [x] yes\n\n  ```yaml\n- [ ] a: 1\n  ```\n"
    with pytest.raises(quiz.QuizError, match=r"quiz\.md:8: '- \[ \] a: 1' belongs to no option; indent it"):
        quiz.parse(CHOICE.replace("- [x] yes\n", code), "quiz.md")
    [question] = quiz.parse(CHOICE.replace("- [x] yes\n", code.replace("- [ ] a", "  - [ ] a")), "quiz.md").questions
    assert question.options[0].text == "yes\n\n```yaml\n- [ ] a: 1\n```"


# Refusals: each message exactly

KIND_ADVICE = "write one of choice, multi, order, predict, text"
HEADING_ADVICE = "write a name in snake_case and the kind, like `## gil_waiting {choice}`"
BEFORE_ADVICE = "keep a title and one line, and put the rest into a question (`## gil_waiting {choice}`)"

REFUSED = {
    "no question": ("# Title\n", "1: there is no question; begin one with a line like `## gil_waiting {choice}`"),
    "unknown kind": (CHOICE.replace("{choice}", "{single}"), f"1: the kind 'single' is unknown; {KIND_ADVICE}"),
    "no kind": (CHOICE.replace(" {choice}", ""), f"1: '## one' is no heading of a question; {HEADING_ADVICE}"),
    "name in capitals": (CHOICE.replace("one", "One"),
                         "1: the name 'One' is not snake_case; use small letters, digits and _"),
    "name with a hyphen": (CHOICE.replace("one", "one-two"),
                           "1: the name 'one-two' is not snake_case; use small letters, digits and _"),
    "same name twice": (f"{CHOICE}\n{CHOICE}", "10: a second question is called 'one' (the first is on line 1); give "
                                               "it a name of its own"),
    "nothing right": (CHOICE.replace("[x]", "[ ]"), "1: 'one' has no right answer; mark it with `- [x] `"),
    "nothing accepted": (TYPED.replace("- [x] yes\n", ""), "1: 'one' has no right answer; mark it with `- [x] `"),
    "two right in a choice": (CHOICE.replace("[ ]", "[x]"), "7: 2 options of 'one' are right, and {choice} has one; "
                                                            "untick the others, or make it {multi}"),
    "right option without feedback": (CHOICE.replace("  > good\n", ""),
                                      "5: 'yes' has no feedback; write it beneath the option, indented by two spaces "
                                      "(`  > why`)"),
    "wrong option without feedback": (CHOICE.replace("  > bad\n", "  >\n"),
                                      "7: 'no' has no feedback; write it beneath the option, indented by two spaces "
                                      "(`  > why`)"),
    "wrong typed answer without feedback": (TYPED.replace("  > bad\n", ""),
                                            "6: 'no' has no feedback; write it beneath the option, indented by two "
                                            "spaces (`  > why`)"),
    "distractor without feedback": (PREDICT.replace("  > bad\n", ""),
                                    "9: '2' has no feedback; write it beneath the option, indented by two spaces "
                                    "(`  > why`)"),
    "feedback that nobody sees": (ORDER.replace("1. a\n", "1. a\n   > first\n"),
                                  "5: 'a' has feedback of its own, which is never shown; say it in the quote at the "
                                  "end"),
    "empty question": (CHOICE.replace("Which?\n\n", ""), "1: 'one' asks nothing; write the question under its heading"),
    "one option": (CHOICE.replace("- [ ] no\n  > bad\n", ""),
                   "1: 'one' has 1 option; write at least 2 items that begin with `- [x] ` or `- [ ] `"),
    "two entries to order": (ORDER.replace("3. c\n", ""),
                             "1: 'one' has 2 options; write at least 3 entries as a numbered list (`1. `)"),
    "no distractor": (PREDICT.replace("- `2`\n  > bad\n", ""),
                      "1: 'one' has 0 options; write at least one wrong output as an item (`- ` and the output in "
                      "backticks)"),
    "same option twice": (CHOICE.replace("] no", "] yes"),
                          "7: 'yes' is an option twice (the first is on line 5); take one out"),
    "same typed answer twice": (TYPED.replace("] no", "] YES"),
                                "6: 'YES' is an option twice (the first is on line 5); take one out"),
    "an option that says nothing": (CHOICE.replace("] no", "]"),
                                    "7: an option says nothing; write it behind its mark, or take it out"),
    "order without explanation": (ORDER.replace("> so\n", ""),
                                  "1: 'one' does not explain the right answer; end it with a quote at the left margin "
                                  "(`> why`)"),
    "text before the first question": (f"# Title\n\nOne line.\n\nAnother line.\n\n{CHOICE}",
                                       f"5: 'Another line.' stands before the first question; {BEFORE_ADVICE}"),
    "a heading before the first question": (f"### Title\n\n{CHOICE}",
                                            f"1: '### Title' stands before the first question; {BEFORE_ADVICE}"),
    "heading inside a question": (CHOICE.replace("Which?", "### Which?"),
                                  "3: a heading inside a question; make the words bold, or begin a new question with "
                                  "`## a_name {kind}`"),
    "code that never ends": (CHOICE.replace("Which?", "```python"),
                             "3: this code block is never closed; end it with a line of ```"),
    "feedback at the margin": (CHOICE.replace("  > ", "> "),
                               "7: an option after a quote that is not indented; indent each feedback beneath its "
                               "option by two spaces, and let an explanation come last"),
    "text between options": (CHOICE.replace("- [ ] no", "Hm.\n- [ ] no"),
                             "7: 'Hm.' belongs to no option; indent it like the text of its option, or move it above "
                             "the options"),
    "text after the feedback": (CHOICE.replace("  > good\n", "  > good\n  indeed\n"),
                                "7: 'indeed' stands after the feedback; begin each line of the feedback with `> `, and "
                                "write the option's own text before it"),
    "a box without space": (CHOICE.replace("- [ ] no", "- [] no"),
                            "7: '- [] no' is nearly an option; begin it at the left margin with `- [x] ` or `- [ ] `"),
    "an indented box": (CHOICE.replace("- [ ] no", "  - [ ] no"),
                        "7: '- [ ] no' is nearly an option; begin it at the left margin with `- [x] ` or `- [ ] `"),
    "a box in an order": (ORDER.replace("1. a", "- [x] a"),
                          "5: a box in {order}, where the numbered list is the right order; begin the line with `1. `"),
    "a box in a prediction": (PREDICT.replace("- `2`", "- [ ] `2`"),
                              "9: a box in {predict}, where what the code prints is right; begin the line with `- `"),
    "a prediction without program": (PREDICT.replace("```python", "```text"),
                                     "1: 'one' has no program; put it before the options in a block that begins with "
                                     "```python"),
    "a distractor in words": (PREDICT.replace("`2`", "the number 2"),
                              "9: 'the number 2' is no output; write it as a code span in backticks, or as a fenced "
                              "block when it has several lines"),
    "no typed answer": (TYPED.replace("- [x] yes\n- [ ] no\n  > bad\n", ""),
                        "1: 'one' has 0 options; write the accepted answer as an item (`- [x] `)"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_malformed_quiz_is_refused_with_what_to_do(case):
    text, message = REFUSED[case]
    with pytest.raises(quiz.QuizError) as caught:
        quiz.parse(text, "q/quiz.md")
    assert f"q/quiz.md:{message}" in map(str, caught.value.faults)


@pytest.mark.parametrize("text", [CHOICE, ORDER, PREDICT, TYPED])
def test_what_the_malformed_ones_are_made_from_is_accepted(text):
    assert len(quiz.parse(text, "quiz.md").questions) == 1


def test_all_faults_are_told_at_once_in_the_order_of_the_file():
    text = "\n".join([CHOICE.replace("[x]", "[ ]"), ORDER.replace("one", "two").replace("> so\n", ""),
                      TYPED.replace("one", "Three")])
    with pytest.raises(quiz.QuizError) as caught:
        quiz.parse(text, "quiz.md")
    assert [fault.line for fault in caught.value.faults] == [1, 10, 19]
    assert str(caught.value).splitlines() == [str(fault) for fault in caught.value.faults]


# Judging

def test_a_choice_is_judged_with_the_feedback_of_what_was_chosen(good):
    question = good.question("gil_waiting")
    right, wrong = question.options
    told = quiz.verdict(question, right.id)
    assert (told.right, told.words, told.chosen, told.explanation) == (
        True, "Right.", (right,), "See the second figure.")
    told = quiz.verdict(question, wrong.id)
    assert (told.right, told.words, told.chosen, told.explanation) == (False, "Not right.", (wrong,), "")
    assert quiz.verdict(question, "").words == "Choose one answer first."
    assert quiz.verdict(question, [right.id, wrong.id]).words == "Choose one answer only."


@pytest.mark.parametrize(("positions", "right", "words"), [
    ([1, 0], True, "Right."),
    ([0], False, "Not yet: 1 right answer is missing."),
    ([0, 1, 2], False, "Not yet: 1 of your 3 choices is wrong."),
    ([0, 2], False, "Not yet: 1 of your 2 choices is wrong, and 1 right answer is missing."),
    ([2], False, "Not yet: your choice is wrong, and 2 right answers are missing."),
    ([], False, "Choose at least one answer first."),
])
def test_several_answers_must_be_exactly_the_right_ones(good, positions, right, words):
    question = good.question("who_yields")
    told = quiz.verdict(question, [option_at(question, position) for position in positions])
    assert (told.right, told.words) == (right, words)
    assert told.chosen == tuple(question.options[position] for position in positions)


@pytest.mark.parametrize(("positions", "right", "words"), [
    ([0, 1, 2], True, "Right."),
    ([0, 2, 1], False, "Not yet: the first entry is right, then another one follows."),
    ([2, 1, 0], False, "Not yet: another entry comes first."),
])
def test_an_order_says_how_far_it_is_right(good, positions, right, words):
    question = good.question("handshake")
    told = quiz.verdict(question, [option_at(question, position) for position in positions])
    assert (told.right, told.words) == (right, words)
    assert told.explanation == ("Three messages." if right else "")


def test_an_order_needs_all_entries(good):
    question = good.question("handshake")
    with pytest.raises(ValueError, match="has 3 entries, the answer 2; put all in order"):
        quiz.verdict(question, [option_at(question, 0), option_at(question, 1)])


@pytest.mark.parametrize(("typed", "right", "words", "feedback"), [
    ("404", True, "Right.", ""),
    ("  404   NOT\tfound ", True, "Right.", ""),
    ("\uff14\uff10\uff14", True, "Right.", ""),  # digits as an East Asian keyboard types them
    ("400", False, "Not right.", "That blames the request's form."),
    ("4040", False, "Not right. Check the spelling, then think again.", ""),
    ("  ", False, "Type an answer first.", ""),
])
def test_a_typed_answer(good, typed, right, words, feedback):
    told = quiz.verdict(good.question("status"), typed)
    assert (told.right, told.words) == (right, words)
    assert "".join(option.feedback for option in told.chosen) == feedback


def test_a_foreign_id_is_an_error_not_a_wrong_answer(good):
    with pytest.raises(ValueError, match="'gil_waiting' has no option abc; ask for the question again"):
        quiz.verdict(good.question("gil_waiting"), "abc")


def test_a_prediction_that_is_not_computed_cannot_be_judged(good):
    question = good.question("sorted_twice")
    with pytest.raises(ValueError, match="'sorted_twice': its answer is not computed"):
        quiz.verdict(question, option_at(question, 0))


# Showing

def test_the_shown_order_is_fixed_and_knows_nothing_of_the_file(good):
    question = good.question("who_yields")
    backwards = replace(question, options=question.options[::-1])
    assert quiz.shown(question) == quiz.shown(backwards)
    assert [option.text for option in quiz.shown(question)] == ["`2 ** 9`", "`sleep(1)`", "`recv(1)`"]


def test_the_right_answer_stands_at_each_place_over_many_questions(good):
    question = good.question("gil_waiting")
    places = {quiz.shown(replace(question, name=f"question_{number}"))[0].right for number in range(20)}
    assert places == {True, False}


def test_an_order_is_never_shown_solved(good):
    question = good.question("handshake")
    names = [replace(question, name=f"question_{number}") for number in range(60)]
    assert all(quiz.shown(one) != one.options for one in names)
    assert all(sorted(quiz.shown(one), key=str) == sorted(one.options, key=str) for one in names)


def test_the_page_gets_all_it_needs_to_judge(good):
    question = good.question("handshake")
    data = json.loads(quiz.to_json(question))
    assert list(data) == ["version", "name", "kind", "question", "explanation", "options", "answer"]
    assert [option["id"] for option in data["options"]] == [option.id for option in quiz.shown(question)]
    text = {option["id"]: option["text"] for option in data["options"]}
    assert [text[one] for one in data["answer"]] == ["SYN", "SYN-ACK", "ACK, which\nmay carry data"]


def test_typed_answers_are_handed_out_in_the_form_they_are_compared_in(good):
    data = quiz.as_data(good.question("status"))
    assert [(option["text"], option["right"]) for option in data["options"]] == [
        ("404", True), ("404 not found", True), ("400", False)]
    assert all(option["text"] == normalised(option["text"]) for option in data["options"])


def test_an_option_keeps_its_id_when_others_change(good):
    before = {option.text: option.id for option in good.question("who_yields").options}
    changed = quiz.parse(GOOD.replace("- [X] `sleep(1)`", "- [ ] `pass`"), "quiz.md").question("who_yields")
    after = {option.text: option.id for option in changed.options}
    assert {text: after[text] for text in before.keys() & after.keys()} == {
        text: before[text] for text in ("`recv(1)`", "`2 ** 9`")}
    assert len(set(before.values()) | set(after.values())) == 4
