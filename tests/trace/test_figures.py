import json
import re
from xml.etree import ElementTree

import pytest

from course.figures import Node, Span, bars, graph, ladder, lanes, octets, timeline, tree
from course.figures.canvas import _DARK, _LIGHT, FONT, text_width
from course.figures.graph import _arrange
from course.figures.lanes import spans
from course.trace import Trace

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def trace():
    recorded = Trace("One <loan> & its connection", lanes=("connection", "endpoint"))
    recorded.record("connection", "open", "enter")
    recorded.record("endpoint", "lend", detail="b'<Dune>'")
    recorded.record("endpoint", "ValueError", "error")
    recorded.record("connection", "open", "exit")
    return recorded


@pytest.fixture
def figures(trace):
    needs = (Node("due", note="a date"), Node("limit", faint=True))
    spoken = Trace("A loan", lanes=("client", "server"))
    spoken.send("client", "server", "POST /loans")
    spoken.record("server", "waits")
    return {"lanes": lanes(trace), "tree": tree(Node("lend", needs), "T"), "ladder": ladder(spoken),
            "graph": graph(("A", "B"), [("A", "B", "waits for")], "G"), "bars": bars({"threads": 1.5}, "B", "s"),
            "octets": octets([("method", b"GET"), ("line end", b"\r\n")], "O"),
            "timeline": timeline([Span("main", 0, 5), Span("worker", 2, 9, "works")], "L")}


@pytest.mark.parametrize("kind", ["lanes", "tree", "ladder", "graph", "bars", "octets", "timeline"])
def test_a_figure_is_named_and_described_for_readers_who_do_not_see_it(figures, kind):
    root = ElementTree.fromstring(figures[kind].svg)
    ids = {element.get("id"): element.text for element in root if element.get("id")}
    named = root.get("aria-labelledby").split()
    assert root.get("role") == "img"
    assert [ids[name] for name in named] == [figures[kind].title, figures[kind].description]


def test_lanes_carry_every_event_as_text_and_as_data(trace, figures):
    root = ElementTree.fromstring(figures["lanes"].svg)
    said = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert {"lend: b'<Dune>'", "ValueError (error)", "open begins", "open ends"} <= set(said)
    assert root.find(f"{SVG}metadata").text == trace.to_json()
    assert figures["lanes"].description == ("1. connection: open begins; 2. endpoint: lend: b'<Dune>'; "
                                            "3. endpoint: ValueError (error); 4. connection: open ends.")


def test_the_tree_carries_its_nodes_as_data(figures):
    data = json.loads(ElementTree.fromstring(figures["tree"].svg).find(f"{SVG}metadata").text)
    assert [child["label"] for child in data["children"]] == ["due", "limit"]


def test_a_ladder_says_who_told_whom(figures):
    assert figures["ladder"].description == "1. client to server: POST /loans; 2. server: waits."
    root = ElementTree.fromstring(figures["ladder"].svg)
    assert json.loads(root.find(f"{SVG}metadata").text)["events"][0]["to"] == "server"


def test_a_graph_says_each_edge_and_names_who_stands_alone():
    drawn = graph(("A", "B", "C"), [("A", "B", "waits for"), ("B", "A", "waits for")], "Deadlock")
    assert drawn.description == "A waits for B; B waits for A; C stands alone."


def test_no_two_ends_of_edges_share_a_row():
    edges = [("A", "B", "x"), ("B", "A", "y"), ("A", "C", "z"), ("A", "A", "itself")]
    layout = _arrange(("A", "B", "C"), edges)
    rows = [row for ends in layout.ends for row in ends]
    assert len(set(rows)) == len(rows) == 8
    tops = {node: range(y, y + height) for node, (y, height) in layout.boxes.items()}
    assert all(layout.ends[i][0] in tops[start] and layout.ends[i][1] in tops[end]
               for i, (start, end, _) in enumerate(edges))


def test_bars_are_as_long_as_their_values_say():
    root = ElementTree.fromstring(bars({"a": 1, "b": 4}, "Sizes").svg)
    widths = [float(bar.get("width")) for bar in root.iter(f"{SVG}rect")][1:]
    assert widths[1] == 4 * widths[0]


@pytest.mark.parametrize(("draw", "words"), [
    (lambda: graph((), [], "G"), "has no nodes"),
    (lambda: graph(("A",), [("A", "Z", "")], "G"), "an edge at Z, which is not a node"),
    (lambda: bars({}, "B"), "at least one value"),
    (lambda: bars({"a": -1}, "B"), "none below zero"),
    (lambda: ladder(Trace("nothing")), "holds no events"),
    (lambda: octets([], "O"), "at least one part"),
    (lambda: octets([("body", b"")], "O"), "none that is empty"),
    (lambda: timeline([], "L"), "at least one stretch"),
    (lambda: timeline([Span("main", 5, 4)], "L"), "none that ends before it starts"),
])
def test_what_cannot_be_drawn_is_refused_with_why(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()


def test_octets_show_each_byte_twice_and_say_what_the_signs_are():
    drawn = octets([("title", "naïve ".encode()), ("line end", b"\r\n"), ("body", bytes(40))], "Bytes")
    said = [text.text for text in ElementTree.fromstring(drawn.svg).iter(f"{SVG}text")]
    assert said[:5] == ["Bytes", "\u2423 space, \u2190 \\r, \u2193 \\n",
                        "title", "6e 61 c3 af 76 65 20", "na··ve\u2423"]
    assert said[-2:] == ["and 8 more", None]
    assert drawn.description.startswith("title (bytes 0 to 6): 'naïve '; line end (bytes 7 to 8): '\\r\\n'; body")


def test_octets_are_stepped_through_part_by_part(figures):
    root = ElementTree.fromstring(figures["octets"].svg)
    events = json.loads(root.find(f"{SVG}metadata").text)["events"]
    assert [(event["lane"], event["name"], event["detail"]) for event in events] == [
        ("method", "GET", "bytes 0 to 2, 3 in all"), ("line end", repr("\r\n"), "bytes 3 to 4, 2 in all")]
    assert [part.get("data-step") for part in root.iter(f"{SVG}g")] == ["1", "2"]


def test_a_timeline_is_true_to_scale_and_says_when(figures):
    root = ElementTree.fromstring(figures["timeline"].svg)
    _, main, worker = ([float(bar.get(key)) for key in ("x", "width")] for bar in root.iter(f"{SVG}rect"))
    assert (worker[0] - main[0]) / worker[1] == pytest.approx(2 / 7, rel=0.01)
    assert figures["timeline"].description == "main: from 0 ns to 5 ns; worker: works from 2 ns to 9 ns."


def test_a_lane_of_many_stretches_is_counted_not_read_one_by_one():
    drawn = timeline([Span("a", start, start + 5_000_000) for start in range(0, 100_000_000, 10_000_000)], "Turns")
    assert drawn.description == "a: 10 stretches, 53% of 95 ms."


def marked(figure):
    """Return, for each part of a picture that belongs to events, its steps, its first one, and its words."""
    return [(part.get("data-step"), part.get("data-first"), "".join(part.find(f"{SVG}text").itertext()))
            for part in ElementTree.fromstring(figure.svg).iter(f"{SVG}g")]


def test_each_event_of_lanes_has_a_part_of_its_own_and_bars_know_where_they_end(trace, figures):
    root = ElementTree.fromstring(figures["lanes"].svg)
    rows = {part.get("data-step"): part.get("data-at") for part in root.iter(f"{SVG}g")}
    assert list(rows) == ["1", "2", "3", "4"]
    bar, = (part for part in root.iter(f"{SVG}path") if part.get("data-until"))
    assert (bar.get("data-step"), bar.get("data-until")) == ("1", "4")
    assert bar.get("d").endswith(f",{rows['4']}")


def test_each_rung_of_a_ladder_has_a_part_of_its_own(figures):
    assert marked(figures["ladder"]) == [("1", None, "POST /loans"), ("2", None, "waits")]


def test_a_recording_marks_the_nodes_and_arrows_of_a_graph():
    moves = Trace("moves")
    moves.send("new", "open", "Ann", Ann="open")
    moves.send("open", "closed", "Ann", Ann="closed")
    moves.send("new", "open", "Ben", Ben="open")
    drawn = graph(("new", "open", "closed", "lost"), [("new", "open", "all"), ("open", "closed", "Ann")], "Life", moves)
    assert marked(drawn) == [("1 3", None, "all"), ("2", None, "Ann"), (None, "1", "new"), ("1 3", "1", "open"),
                             ("2", "2", "closed")]
    data = json.loads(ElementTree.fromstring(drawn.svg).find(f"{SVG}metadata").text)
    assert (len(data["events"]), data["nodes"][3], data["edges"][1][2]) == (3, "lost", "Ann")


def test_a_recording_marks_the_nodes_of_a_tree():
    calls = Trace("calls")
    for name in ("due", "limit", "due", "lend"):
        calls.record(name, "called")
    drawn = tree(Node("lend", (Node("due"), Node("limit"), Node("never"))), "T", calls)
    assert marked(drawn) == [("4", None, "lend"), ("1 3", None, "due"), ("2", None, "limit")]


def test_a_picture_without_a_recording_has_no_such_parts(figures):
    assert [marked(figures[name]) for name in ("graph", "tree", "bars")] == [[], [], []]


def test_the_same_run_draws_the_same_picture_and_another_has_other_ids(trace):
    first, second = lanes(trace), lanes(trace)
    assert first.svg == second.svg
    trace.record("endpoint", "more")
    assert set(re.findall(r' id="(\w+)"', lanes(trace).svg)).isdisjoint(re.findall(r' id="(\w+)"', first.svg))


def test_spans_nest_and_one_left_open_runs_to_the_end():
    trace = Trace("nested")
    for kind in ("enter", "enter", "exit", "point"):
        trace.record("loan", "open", kind)
    assert sorted(spans(trace)) == [(0, 3, "loan"), (1, 2, "loan")]


def test_all_text_stays_inside_the_drawing():
    long = Trace("long", lanes=("a lane with quite a long name",))
    long.record("a lane with quite a long name", "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", detail="m" * 40)
    root = ElementTree.fromstring(lanes(long).svg)
    lines = [(float(text.get("x")), "".join(text.itertext())) for text in root.iter(f"{SVG}text")]
    assert max(len(line) for _, line in lines) >= 36
    # Wide letters of 15 px: at least 12 px each.
    assert float(root.get("width")) > max(x + len(line) * 12 for x, line in lines if set(line) & set("Wm"))


def test_a_long_label_takes_several_lines_and_keeps_its_words():
    sql = "SELECT id FROM job ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"
    trace = Trace("queue", lanes=("Ann",))
    trace.record("Ann", sql, kind="enter")
    trace.record("Ann", sql, kind="exit")
    root = ElementTree.fromstring(lanes(trace).svg)
    texts = ["".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")]
    assert " ".join(texts).count(sql) == 2
    assert " begins" in " ".join(texts)
    assert float(root.get("width")) <= 342 / 0.8  # what a phone shows of it at the smallest scale




def test_an_empty_trace_is_refused_with_what_to_do():
    with pytest.raises(ValueError, match="'nothing' holds no events: run what it records"):
        lanes(Trace("nothing"))


def luminance(colour):
    channels = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [_LIGHT, _DARK], ids=["light", "dark"])
def test_every_colour_stands_out_from_the_paper(colours):
    """WCAG 2.2, 1.4.3 and 1.4.11: 4.5 to 1 for text, 3 to 1 for shapes; the faint leader lines are decoration."""
    paper = luminance(colours["paper"])
    for name in set(colours) - {"paper", "line"}:
        low, high = sorted((luminance(colours[name]), paper))
        assert (high + 0.05) / (low + 0.05) >= 4.5, name


def test_a_width_does_not_depend_on_how_python_adds() -> None:
    """Since 3.12 `sum` adds floats in another way: the stored pictures must be the same on each Python."""
    letters = "shutdown(SHUT_WR), 200 OK"
    assert text_width(letters) == text_width(letters[::-1]) == text_width("".join(sorted(letters)))
    assert text_width("fm" * 50) == 50 * (0.34 + 0.92) * FONT
