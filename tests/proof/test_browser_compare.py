"""The comparison of stored and shown outputs, without a browser."""

from pathlib import Path

import pytest

from course.proof.browser_cells import runs_here
from course.proof.browser_compare import Shown, differences, from_notebook, from_worker, read_sanitizer, sanitize

SANITIZER = read_sanitizer(Path(__file__).parents[1] / "nbval_sanitize.cfg")


def test_streams_are_joined_and_other_data_left_out():
    stored = from_notebook([{"output_type": "stream", "name": "stdout", "text": "a\n"},
                            {"output_type": "display_data", "data": {"image/png": "AAAA", "text/plain": "p"}},
                            {"output_type": "stream", "name": "stderr", "text": "e"},
                            {"output_type": "stream", "name": "stdout", "text": "b"},
                            {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": ["long"]}])
    shown = from_worker([{"type": "stream", "name": "stderr", "text": "e"},
                         {"type": "stream", "name": "stdout", "text": "a\nb"},
                         {"type": "display", "data": {"text/plain": "p", "application/json": "1"}},
                         {"type": "error", "name": "KeyError", "message": "other", "traceback": "other"}])
    assert stored == Shown({"stdout": "a\nb", "stderr": "e"}, [{"text/plain": "p"}], "KeyError")
    assert differences(stored, shown, SANITIZER) == []


@pytest.mark.parametrize(("left", "right"), [
    ("<A at 0x7f10aa22bb33>", "<A at 0x1f4c08>"),
    ("/tmp/ipykernel_41/2.py:3: UserWarning", "/tmp/ipykernel_1/7.py:3: UserWarning"),
    ("in /tmp/tmpab12/x", "in /var/folders/zz/x"),
])
def test_what_varies_by_nature_is_the_same(left, right):
    assert differences(Shown({"stdout": left}), Shown({"stdout": right}), SANITIZER) == []


@pytest.mark.parametrize(("left", "right"), [
    ("0.25 s", "0.26 s"), ("2026-11-22", "2026-11-23"), ("port 8000", "port 8001"), ("Task-1", "Task-2"),
    ("line 3", "line 4"), ("0x1f", "0x2f"), ("a", "a "), ("a\n", "a"),
])
def test_what_may_be_wrong_is_told(left, right):
    assert len(differences(Shown({"stdout": left}), Shown({"stdout": right}), SANITIZER)) == 1


def test_replacements_are_applied_in_order():
    assert sanitize("/tmp/ipykernel_12/3.py at 0x7fffffff", SANITIZER) == "TEMPORARY_PATH at 0xADDRESS"


def test_a_difference_far_down_is_shown_with_its_line():
    lines = [f"line {number}" for number in range(100_000)]
    [told] = differences(Shown({"stdout": "\n".join(lines)}), Shown({"stdout": "\n".join([*lines[:-1], "other"])}), ())
    assert told.splitlines()[1:4] == ["--- stored\tline 99999", "+++ in the page\tline 99999", "@@ -1,2 +1,2 @@"]
    assert "+other (no newline at the end)" in told


def test_a_long_difference_is_cut():
    stored, shown = "\n".join(map(str, range(1000))), "\n".join(map(str, range(1000, 2000)))
    [told] = differences(Shown({"stdout": stored}), Shown({"stdout": shown}), ())
    assert len(told.splitlines()) == 26
    assert told.endswith("\n...")


def test_each_kind_of_data_is_compared():
    for mime in ("text/plain", "text/html", "image/svg+xml"):
        [told] = differences(Shown(displays=[{mime: "a"}]), Shown(displays=[{mime: "b"}]), ())
        assert told.startswith(f"{mime} differs")
    [told] = differences(Shown(displays=[{"text/html": "a", "text/plain": "x"}]),
                         Shown(displays=[{"text/plain": "x"}]), ())
    assert told.startswith("text/html differs")


@pytest.mark.parametrize(("tags", "python", "runs"), [
    ([], "3.14.2", True), (["raises-exception"], "3.14.2", True), (["needs-kernel"], "3.14.2", False),
    (["needs-python>=3.14"], "3.14.2", True), (["needs-python>=3.14"], "3.13.9", False),
    (["needs-python>=3.9"], "3.14.2", True), (["needs-python>=3.15", "x"], "3.14.2", False),
])
def test_tags_say_where_a_cell_runs(tags, python, runs):
    assert runs_here(tags, python) is runs


def test_an_unreadable_tag_is_told():
    with pytest.raises(ValueError, match=r"needs-python3.14.*write needs-python>=X.Y"):
        runs_here(["needs-python3.14"], "3.14.2")


@pytest.mark.parametrize(("said", "kept"), [
    ("Cell 4:2: DeprecationWarning: old\n", False), ('  File "Cell 12", line 3, in <module>\n', False),
    ("Cell 4 is full\n", True), ("see Cell 4:2: x", True), ('File "Cell 12"\n', True),
])
def test_the_pages_names_of_cells_are_places_like_a_kernels(said, kept):
    [shown] = from_worker([{"type": "stream", "name": "stderr", "text": said}]).streams.values()
    assert (shown == said) is kept
    assert kept or "/tmp/ipykernel_1/1.py" in shown
