import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.trace import Trace, from_json


def test_steps_count_from_one_and_lanes_keep_the_order_of_their_first_event():
    trace = Trace("a loan", lanes=("member",))
    trace.record("database", "insert")
    trace.record("member", "waits")
    assert [event.step for event in trace.events] == [1, 2]
    assert trace.lanes == ("member", "database")


def test_a_span_is_closed_when_its_block_raises():
    trace = Trace("a loan")
    with pytest.raises(ZeroDivisionError), trace.span("connection", "open"):
        1 / 0  # noqa: B018
    assert [event.kind for event in trace.events] == ["enter", "exit"]


def test_state_is_kept_as_text():
    trace = Trace("a loan")
    trace.record("loan", "stored", copies=2)
    assert trace.events[0].state == {"copies": "2"}


words = st.text(min_size=1, max_size=12)


@given(st.lists(st.tuples(words, words, st.sampled_from(["enter", "exit", "point", "error"]), st.text(max_size=9))))
def test_a_recording_survives_json(events):
    trace = Trace("any")
    for lane, name, kind, detail in events:
        trace.record(lane, name, kind, detail)
    again = from_json(trace.to_json())
    assert (again.title, again.lanes, again.events) == (trace.title, trace.lanes, trace.events)


def test_a_picture_adds_its_own_data_to_a_recording():
    trace = Trace("a loan")
    trace.record("loan", "lent")
    assert json.loads(trace.to_json(nodes=["a"])) == json.loads(trace.to_json()) | {"nodes": ["a"]}
    assert from_json(trace.to_json()).events == trace.events


@pytest.mark.parametrize("text", ["[]", '{"version": 99, "title": "", "lanes": [], "events": []}'])
def test_what_is_not_a_recording_is_refused(text):
    with pytest.raises(ValueError, match="not a recording of version 1"):
        from_json(text)


def test_a_trace_reads_as_one_line():
    trace = Trace("a loan")
    with trace.span("connection", "open"):
        trace.record("loan", "lent")
        trace.record("loan", "lost", "error")
    assert str(trace) == "+open lent !lost -open"
