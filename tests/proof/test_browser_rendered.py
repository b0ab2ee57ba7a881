"""What a page's output box must show of a run, without a browser."""

import pytest

from course.proof.browser_rendered import as_terminal, problems

SVG = ('<svg xmlns="http://www.w3.org/2000/svg"><style>.course-figure text {}</style><title>Two</title>'
       '<g><rect/><text>one <tspan>box</tspan></text></g></svg>')
DRAWN = {"tags": ["style", "title", "g", "rect", "text", "tspan"], "words": ["Two", "one box"], "width": 9, "height": 9,
         "loaded": None}


def stream(text, name="stdout"):
    return {"type": "stream", "name": name, "text": text}


def part(kind, text="", picture=None, seen=True):
    return {"kind": f"output {kind}", "text": text, "picture": picture, "seen": seen}


def display(**data):
    return {"type": "display", "data": {name.replace("_", "/", 1).replace("xml", "svg+xml"): text
                                        for name, text in data.items()}}


FAILED = {"type": "error", "name": "KeyError", "message": "'x'", "traceback": "Traceback\n\nKeyError: 'x'\n"}
RIGHT = {
    "nothing": ([], []),
    "pieces of a stream": ([stream("a\n"), stream("b\n")], [part("stream stdout", "a\nb\n")]),
    "two streams": ([stream("a"), stream("b", "stderr"), stream("c")],
                    [part("stream stdout", "a"), part("stream stderr", "b"), part("stream stdout", "c")]),
    "colours": ([stream("\x1b[31mred\x1b[0m\n10 %\r20 %\r\n")], [part("stream stdout", "red\n20 %\n")]),
    "value": ([display(text_plain="3")], [part("stream text_plain", "3")]),
    "html": ([display(text_plain="x", text_html="<p>safe <b>words</b>\n</p><script>no()</script>")],
             [part("text_html", "safe words")]),
    "figure": ([display(text_plain="f", image_xml=SVG)], [part("picture", picture=DRAWN)]),
    "figure without its own style": ([display(image_xml=SVG)],
                                     [part("picture", picture={**DRAWN, "tags": DRAWN["tags"][1:]})]),
    "picture": ([display(image_png="AAAA")], [part("picture", picture={**DRAWN, "tags": [], "loaded": 40})]),
    "error": ([stream("a\n"), FAILED], [part("stream stdout", "a\n"), part("traceback", "Traceback\n\nKeyError: 'x'")]),
    "forbidden": ([{"type": "blocked", "url": "http://a.example/"}],
                  [part("blocked", "forbade a request to http://a.example/.")]),
    "a long text": ([stream("1\n2\n3\n4\n5\n")],
                    [part("stream stdout", "1\n"), part("gap", "3 lines"), part("stream stdout", "5\n")]),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_shown_as_it_was_said_is_no_problem(name):
    assert problems(*RIGHT[name]) == []


WRONG = {
    "nothing shown": ([stream("a")], [], "Python sent stdout; the page's output shows nothing"),
    "too much shown": ([], [part("stream stdout", "stored")], "Python sent nothing"),
    "other text": ([stream("a\n")], [part("stream stdout", "a")], "shows another stdout:\nsent  'a\\n'\nshown 'a'"),
    "other stream": ([stream("a", "stderr")], [part("stream stdout", "a")], "Python sent stderr"),
    "hidden": ([stream("a")], [part("stream stdout", "a", seen=False)], "hides its output stream stdout"),
    "other value": ([display(text_plain="3")], [part("stream text_plain", "4")], "another text_plain"),
    "other html": ([display(text_html="<i>1</i>")], [part("text_html", "2")], "another text_html"),
    "no figure": ([display(image_xml=SVG)], [part("picture")], "shows no picture"),
    "empty figure": ([display(image_xml=SVG)], [part("picture", picture={**DRAWN, "height": 0})], "an empty picture"),
    "broken picture": ([display(image_png="AAAA")], [part("picture", picture={**DRAWN, "loaded": 0})], "empty picture"),
    "cut figure": ([display(image_xml=SVG)],
                   [part("picture", picture={**DRAWN, "tags": ["style", "title", "g", "text", "tspan"]})],
                   "parts than the cell's: rect"),
    "other words": ([display(image_xml=SVG)], [part("picture", picture={**DRAWN, "words": ["Two", "one"]})],
                    "other words"),
    "short traceback": ([FAILED], [part("traceback", "KeyError: 'x'")], "another traceback"),
    "forbidden": ([{"type": "blocked", "url": "http://a.example/"}], [part("blocked", "http://b.example/")], "blocked"),
    "cut at the end": ([stream("1\n2\n3\n")], [part("stream stdout", "1\n"), part("gap"), part("stream stdout", "2\n")],
                       "neither the beginning nor the end"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_shown_otherwise_is_told(name):
    outputs, shown, said = WRONG[name]
    assert said in "\n".join(problems(outputs, shown))


@pytest.mark.parametrize(("text", "left"), [
    ("a\rb", "b"), ("a\r\nb\n", "a\nb\n"), ("1\r2\r", "2\r"),
    ("\x1b]0;title\x07x\x1b[1;31my", "xy"), ("a\nb\rc\n", "a\nc\n"),
])
def test_a_text_is_left_as_a_terminal_leaves_it(text, left):
    assert as_terminal(text) == left
