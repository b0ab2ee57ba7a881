"""A patch is applied exactly, or refused with why."""

import difflib
from pathlib import Path

import pytest

from course.proof import patches
from course.proof.patches import PatchError

BEFORE = {"shelf/store.py": "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n", "notes.txt": "a\nb\n"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in BEFORE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def patch(name: str, old: str | None, new: str | None) -> str:
    """The unified diff between two texts of a file; None is a file that is not there."""
    names = ["/dev/null" if text is None else name for text in (old, new)]
    lines = difflib.unified_diff((old or "").splitlines(True), (new or "").splitlines(True), *names)
    return "caught by: counts\nsays: words\n\n" + "".join(lines)


@pytest.mark.parametrize("new", [
    BEFORE["shelf/store.py"].replace("two\n", "2\n").replace("nine\n", ""),
    "zero\n" + BEFORE["shelf/store.py"] + "eleven\n",
    "only\n",
])
def test_a_changed_file_becomes_the_new_one(folder: Path, new: str) -> None:
    patches.apply(patch("shelf/store.py", BEFORE["shelf/store.py"], new), folder)
    assert (folder / "shelf/store.py").read_text() == new
    assert (folder / "notes.txt").read_text() == BEFORE["notes.txt"]


def test_files_are_added_removed_and_changed_by_one_patch(folder: Path) -> None:
    whole = patch("more/new.py", None, "x\n") + patch("notes.txt", "a\nb\n", None) + patch(
        "shelf/store.py", BEFORE["shelf/store.py"], BEFORE["shelf/store.py"].replace("ten", "10"))
    patches.apply(whole, folder)
    assert (folder / "more/new.py").read_text() == "x\n"
    assert not (folder / "notes.txt").exists()
    assert (folder / "shelf/store.py").read_text().endswith("nine\n10\n")


@pytest.mark.parametrize(("text", "words"), [
    (patch("notes.txt", "a\nB\n", "a\nc\n"), "notes.txt has other lines from line 1 on"),
    (patch("notes.txt", "z\na\nb\n", "z\na\nc\n"), "notes.txt has other lines"),
    (patch("notes.txt", "a\nb\nc\n", "a\nc\n"), "notes.txt has other lines"),
    (patch("absent.txt", "a\n", "b\n"), "absent.txt is not there in reference/"),
    (patch("notes.txt", None, "b\n"), "notes.txt is there already in reference/"),
    (patch("../outside.txt", None, "b\n"), "../outside.txt is outside the lab"),
    ("caught by: counts\nsays: words\n", "holds no unified diff"),
    (patch("notes.txt", "a\nb\n", "a\nc\n").rsplit("\n", 2)[0], "no unified diff (Hunk is shorter"),
    (patch("notes.txt", "a\nb\n", "a\nc\n") + "+d\n", "more lines than its `@@` line says"),
])
def test_a_patch_that_does_not_fit_is_refused_with_why(folder: Path, text: str, words: str) -> None:
    with pytest.raises(PatchError) as raised:
        patches.apply(text, folder)
    assert words in str(raised.value)
    assert {name: (folder / name).read_text() for name in BEFORE} == BEFORE
    assert not (folder.parent / "outside.txt").exists()
