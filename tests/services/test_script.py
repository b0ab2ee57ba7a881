"""A function of a notebook runs as a program of its own."""

import os
import threading

import pytest

from course.services.script import script


def adds() -> int:
    print("in a program of its own")
    return double(21)


def double(number: int) -> int:
    return 2 * number


def forks() -> str:
    if os.fork() == 0:
        return "from the copy"
    os.wait()
    return "from the first"


def threads() -> int:
    return threading.active_count()


def raises() -> None:
    raise LookupError("no such book")


def test_prints_what_it_prints_and_returns_its_value(capsys: pytest.CaptureFixture[str]) -> None:
    assert script(adds, double, fork=False) == 42
    assert capsys.readouterr().out == "in a program of its own\n"


def test_has_one_thread_whatever_the_caller_has() -> None:
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert script(threads, fork=False) == 1
    finally:
        done.set()
        other.join()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_forked_copy_that_comes_to_the_end_says_nothing() -> None:
    assert script(forks) == "from the first"


def test_a_traceback_is_shown_and_names_the_line_of_the_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert script(raises, fork=False) is None
    said = capsys.readouterr().out
    assert f"line {raises.__code__.co_firstlineno + 1}, in raises" in said
    assert "LookupError: no such book" in said


def test_without_fork_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delattr(os, "fork", raising=False)
    assert script(forks) is None
    assert "needs Linux, macOS" in capsys.readouterr().out


def test_without_proc_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    assert script(adds, linux=True) is None
    assert "needs Linux;" in capsys.readouterr().out
