"""The file of the progress document: whole or not at all, nothing lost between processes, foreign data set aside."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from course.check import progress, progress_file
from course.check.progress import Progress, seen

HOME = "asyncio_coroutines/map_limited"
AT = "2026-03-01T10:00:00Z"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "work" / "progress.json"


def attempt(path, times=1):
    for _ in range(times):
        progress_file.update(path, lambda now: progress.attempted(now, HOME, AT))


def attempts(path):
    return seen(progress_file.load(path).progress, HOME).attempts


def child(code, *arguments):
    """Start a Python that has the module at hand as `progress_file`; it says when it got there by a line."""
    head = "import sys\nfrom pathlib import Path\nfrom course.check import progress, progress_file\n"
    return subprocess.Popen([sys.executable, "-c", head + code, *map(str, arguments)], cwd=ROOT, text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_no_file_is_an_empty_document_and_none_is_made(path):
    assert progress_file.load(path) == progress_file.Loaded(Progress())
    assert not path.parent.exists()


def test_what_was_saved_is_loaded(path):
    made = progress.passed(Progress(), HOME, AT, "a1")
    assert progress_file.save(path, made) == progress_file.Loaded(made)
    assert progress_file.load(path) == progress_file.Loaded(made)
    assert path.read_text(encoding="utf-8") == progress.dump(made)


def test_saving_adds_to_what_is_there(path):
    progress_file.save(path, progress.passed(Progress(), HOME, AT, "a1"))
    both = progress_file.save(path, progress.read(Progress(), "asyncio_coroutines", AT)).progress
    assert set(both.items) == {HOME, "asyncio_coroutines"}
    assert progress_file.load(path).progress == both


def test_nothing_but_the_file_and_its_lock_stays_behind(path):
    attempt(path, 3)
    assert sorted(entry.name for entry in path.parent.iterdir()) == [".progress.json.lock", "progress.json"]


def test_an_unchanged_document_is_not_written_again(path):
    attempt(path)
    os.utime(path, (0, 0))
    progress_file.update(path, lambda now: now)
    assert path.stat().st_mtime == 0


@pytest.mark.parametrize(("content", "why"), [
    (b"", "not JSON"), (b'{"version": 1, "items": {', "not JSON"), (b"\xff\xfe", "can't decode"),
    (b'{"version": 1, "items": {"a": {"": {"attempts": -1}}}}', "attempts must be between 1 and"),
    (b'{"version": 9}', "written by a newer version of the course"),
])
@pytest.mark.parametrize("enter", [progress_file.load, attempt], ids=["load", "update"])
def test_what_is_no_document_is_set_aside_and_told(path, content, why, enter):
    path.parent.mkdir()
    path.write_bytes(content)
    enter(path)
    assert path.with_name("progress.corrupt-1.json").read_bytes() == content
    path.write_bytes(content)
    loaded = progress_file.load(path)
    assert loaded.progress == Progress()
    assert str(path) in loaded.message
    assert why in loaded.message
    assert "set aside as progress.corrupt-2.json" in loaded.message
    assert path.with_name("progress.corrupt-2.json").read_bytes() == content
    assert not path.exists()


def test_work_goes_on_after_a_corrupt_file(path):
    path.parent.mkdir()
    path.write_text("[]", encoding="utf-8")
    loaded = progress_file.update(path, lambda now: progress.attempted(now, HOME, AT))
    assert "the document must be an object" in loaded.message
    assert attempts(path) == 1
    assert progress_file.load(path).message == ""


def test_a_failed_write_leaves_the_old_file_and_no_other(path, monkeypatch):
    attempt(path)
    before = path.read_bytes()

    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(progress_file.os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        attempt(path)
    assert path.read_bytes() == before
    assert len(list(path.parent.iterdir())) == 2


def test_an_error_in_the_change_gives_the_lock_up(path):
    with pytest.raises(ZeroDivisionError):
        progress_file.update(path, lambda now: 1 / 0)
    attempt(path)
    assert attempts(path) == 1


def test_processes_that_save_at_once_lose_nothing(path):
    code = ("for number in range(20):\n"
            "    made = progress.read(progress.Progress(), f'page_{sys.argv[2]}_{number}', '2026-03-01T10:00:00Z')\n"
            "    progress_file.save(Path(sys.argv[1]), made)\n"
            "    progress_file.update(Path(sys.argv[1]), lambda now: progress.attempted(now, 'a/b', "
            "'2026-03-01T10:00:00Z'))\n")
    children = [child(code, path, number) for number in range(4)]
    for process in children:
        process.communicate(timeout=120)
        assert process.returncode == 0
    found = progress_file.load(path)
    assert found.message == ""
    assert found.progress.items.keys() == {f"page_{a}_{b}" for a in range(4) for b in range(20)} | {"a/b"}
    assert seen(found.progress, "a/b").attempts == 80


def test_threads_that_change_at_once_lose_nothing(path):
    threads = [threading.Thread(target=attempt, args=(path, 10)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert attempts(path) == 40


def test_a_killed_process_leaves_no_lock_and_no_half_file(path):
    attempt(path)
    process = child("def change(now):\n"
                    "    print('inside', flush=True)\n"
                    "    sys.stdin.read()\n"
                    "progress_file.update(Path(sys.argv[1]), change)\n", path)
    with process:
        assert process.stdout.readline() == "inside\n"
        process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
        process.wait(timeout=30)
    attempt(path)
    assert attempts(path) == 2


def test_a_process_that_holds_the_lock_too_long_is_told_of(path, monkeypatch):
    process = child("def change(now):\n"
                    "    print('inside', flush=True)\n"
                    "    sys.stdin.read()\n"
                    "    return progress.attempted(now, 'a/b', '2026-03-01T10:00:00Z')\n"
                    "progress_file.update(Path(sys.argv[1]), change)\n", path)
    with process:
        assert process.stdout.readline() == "inside\n"
        with monkeypatch.context() as patched:
            patched.setattr(progress_file, "PATIENCE", 0.1)
            with pytest.raises(progress_file.ProgressBusy, match=r"another process holds \.progress\.json\.lock"):
                attempt(path)
        process.stdin.close()
        assert process.wait(timeout=30) == 0
    attempt(path)
    assert (attempts(path), seen(progress_file.load(path).progress, "a/b").attempts) == (1, 1)


def test_a_lock_file_left_from_another_time_does_not_block(path):
    path.parent.mkdir()
    (path.parent / ".progress.json.lock").write_text("9999999", encoding="utf-8")
    attempt(path)
    assert attempts(path) == 1
