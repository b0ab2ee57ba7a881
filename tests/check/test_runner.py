"""Answers that are wrong in every way: each gets a clear result, never a pass, never a hang, never a traceback."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from bad_answers import TRICKS, WRONG, word

from course.check import explain, runner
from course.check.results import Result, from_json

Checked = Callable[..., Result]
RIGHT = "def double(value):\n    return value + value\n\nasync def later():\n    return 'done'\n"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="looks at processes as POSIX shows them")


def test_a_right_answer_passes(checked: Checked) -> None:
    result = checked(RIGHT)
    assert [check.status for check in result.checks] == ["pass", "pass", "pass"]
    assert result.passed
    assert result.points == 3


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_is_told_why(checked: Checked, name: str) -> None:
    source, check, status, words = WRONG[name]
    problem = checked(source).first_problem
    assert problem is not None
    assert (problem.id, problem.status) == (check, status)
    assert words in problem.words
    assert "Traceback" not in problem.words


def test_a_check_may_end_at_the_first_problem(checked: Checked, tmp_path: Path) -> None:
    """Nothing runs after it, and it is the one that the whole check tells of."""
    whole = checked("def double(value):\n    return 7\n")
    part = runner.run("lesson/mine", tmp_path / "checks.py", tmp_path / "mine.py", {"word": word},
                      to_first_problem=True)
    assert part.checks[-1] == part.first_problem
    assert len(part.checks) < len(whole.checks)
    assert (part.first_problem.id, part.first_problem.words) == (whole.first_problem.id, whole.first_problem.words)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the environment of others")
@pytest.mark.parametrize(("seconds", "passed"), [(0.7, True), (60, False)])
def test_a_helper_of_a_program_that_has_ended_has_a_moment(checked: Checked, seconds: float, passed: bool) -> None:
    helper = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep({seconds})'])"
    answer = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {helper!r}], check=True)\n{RIGHT}"
    assert checked(answer).passed == passed


@pytest.mark.parametrize("name", TRICKS)
def test_a_trick_does_not_pass(checked: Checked, name: str) -> None:
    result = checked(TRICKS[name])
    assert not result.passed
    assert "Traceback" not in (result.message or result.first_problem.words)


def test_a_trick_is_named(checked: Checked) -> None:
    assert "`course.check.expect`" in checked(TRICKS["patched expect"]).message
    assert "the thread `Thread-" in checked(TRICKS["leaves a thread"]).first_problem.message
    assert "child process" in checked(TRICKS["leaves a process"]).first_problem.message


@pytest.mark.parametrize(("source", "line", "words"), [
    ("def double(v)\n    return v\n", 1, "SyntaxError in line 1"),
    ("x = 1\nraise KeyError('x')\n", 2, "KeyError: 'x' in line 2"),
    ("x = 1\nwhile True:\n    x += 1\n", None, "longer than 1 seconds. When it was stopped, it was in line"),
    ("import os\nos._exit(3)\n", None, "exit status 3"),
    ("x = 1\n# caf\udce9\n", 2, "`mine.py` is not saved as UTF-8 (line 2)"),
    ("x = '\0'\n", None, "is not a text in UTF-8"),
])
def test_a_file_that_cannot_be_loaded(checked: Checked, source: str, line: int | None, words: str,
                                      monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "LOAD_SECONDS", 1.0)
    result = checked(source)
    assert (result.status, result.checks) == ("error", ())
    assert words in result.message
    assert line is None or result.line == line


def test_the_line_of_a_time_out_is_that_of_the_file_as_it_is_now(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    for line in ("while True: pass", "while 1 == 1: pass"):
        path.write_text(f"{line}\n", encoding="utf-8")
        assert f"it was in line 1: `{line}`." in explain.too_slow(5, 1, path).message


def test_an_empty_file_is_told(checked: Checked) -> None:
    assert "`mine.py` is empty: `course reset mine`" in checked("\n").first_problem.message


def test_where_values_differ_is_said_when_it_is_not_seen_at_once(checked: Checked) -> None:
    checks = ("from course.check import check, expect\n@check('it counts')\ndef counts(answer):\n"
              "    expect(answer.numbers, list(range(40)), 'the numbers')\n")
    long = checked("numbers = [*range(39), 0]\n", checks)
    assert long.first_problem.message == "the numbers ([39] has another value)"
    assert checked("numbers = [1]\n", checks.replace("range(40)", "range(2)")).first_problem.message == "the numbers"


def test_a_warning_does_not_show_the_line_of_a_check(checked: Checked) -> None:
    problem = checked("async def double(v):\n    return v\n").first_problem
    assert "RuntimeWarning: coroutine 'double' was never awaited\n" in problem.output
    assert "expect(" not in problem.output


def test_what_needs_a_failed_check_is_skipped(checked: Checked) -> None:
    statuses = {check.id: check.status for check in checked(WRONG["endless loop"][0]).checks}
    assert statuses == {"doubles": "fail", "doubles_a_list": "skip", "waits": "pass"}


def test_output_is_kept_with_its_check_also_after_a_loop(checked: Checked) -> None:
    result = checked("print('loading')\ndef double(v):\n    print('once')\n    while True: pass\n"
                     "async def later():\n    print('later')\n    return 'done'\n")
    assert [check.output for check in result.checks] == ["loading\nonce\n", "", "loading\nlater\n"]


def test_long_output_is_shortened(checked: Checked) -> None:
    result = checked("print('x' * 20_000)\n" + RIGHT)
    assert result.passed
    assert "characters left out" in result.checks[0].output
    assert len(result.checks[0].output) < 10_000


@pytest.mark.parametrize(("body", "words"), [
    ("    pass", "compared nothing"),
    ("    for item in []:\n        expect(item, 1, 'an item')", "compared nothing"),
    ("    answer.double(None)[0]", "unsupported operand"),
    ("    [][1]", "The check could not go on"),
])
def test_a_check_that_proves_nothing_does_not_pass(checked: Checked, body: str, words: str) -> None:
    checks = f"from course.check import check, expect\n@check('it holds')\ndef holds(answer):\n{body}\n"
    problem = checked(RIGHT, checks).first_problem
    assert problem is not None
    assert words in problem.message


@pytest.mark.parametrize(("checks", "words"), [
    ("x = 1\n", "no check"),
    ("x = \n", "SyntaxError"),
    ("import os\nos._exit(1)\n", "ended the process"),
    ("from course.check import check\n@check('x')\ndef holds(answer, valkey):\n    pass\n", "asks for valkey"),
    ("from course.check import check\n@check('x')\ndef holds():\n    pass\n", "takes nothing"),
    ("from course.check import check\n@check('x')\ndef holds(answer):\n    yield\n", "has a `yield`"),
])
def test_checks_that_cannot_be_used_are_the_authors_fault(checked: Checked, checks: str, words: str) -> None:
    with pytest.raises(runner.ChecksError, match=words) as raised:
        checked(RIGHT, checks)
    assert "checks.py" in str(raised.value)


def test_a_resource_is_handed_in(checked: Checked) -> None:
    checks = ("from course.check import check, expect\n@check('a word comes')\ndef comes(answer, word):\n"
              "    expect(word, 'a word', 'the resource')\n")
    assert checked(RIGHT, checks).passed


def test_each_check_gets_a_fresh_answer(checked: Checked) -> None:
    checks = "from course.check import check, expect\n" + "".join(
        f"@check('once')\ndef check_{n}(answer):\n    expect(answer.count(), 1, 'count()')\n" for n in range(2))
    assert checked("calls = 0\ndef count():\n    global calls\n    calls += 1\n    return calls\n", checks).passed


def test_a_library_that_mends_typing_is_no_trick(checked: Checked) -> None:
    assert checked("import typing\ntyping.cast = lambda kind, value: value\n" + RIGHT).passed
    assert checked("import typing_extensions\n" + RIGHT).passed


def test_an_answer_may_be_a_text_or_a_folder(tmp_path: Path) -> None:
    checks = tmp_path / "checks.py"
    checks.write_text("from course.check import check, expect\n@check('it says so')\ndef says(answer):\n"
                      "    expect(answer.text.strip(), 'SELECT 1', 'the query')\n", encoding="utf-8")
    (tmp_path / "mine.sql").write_text("SELECT 1\n", encoding="utf-8")
    assert runner.run("lesson/mine", checks, tmp_path / "mine.sql").passed
    lab = tmp_path / "lab"
    lab.mkdir()
    (lab / "one.py").write_text("from two import value\n", encoding="utf-8")
    (lab / "two.py").write_text("value = 2\n", encoding="utf-8")
    checks.write_text("from course.check import check, expect\n@check('it is two')\ndef two(answer):\n"
                      "    expect(answer.load('one').value, 2, 'one.value')\n"
                      "    expect(answer.load('three').value, 3, 'three.value')\n", encoding="utf-8")
    problem = runner.run("lesson/lab", checks, lab).first_problem
    assert problem is not None
    assert problem.message == "the lab has no module `three` (three.py)"


def test_a_result_survives_json(checked: Checked) -> None:
    result = checked(WRONG["wrong value"][0])
    assert from_json(json.loads(json.dumps(result.to_json()))) == result
    with pytest.raises(ValueError, match="version 2"):
        from_json({**result.to_json(), "version": 2})


@POSIX
def test_nothing_is_left_when_the_runner_is_killed(tmp_path: Path) -> None:
    """The child of a killed runner would loop for ever if it did not watch its line."""
    (tmp_path / "checks.py").write_text("from course.check import check, expect\n@check('x', timeout=600)\n"
                                        "def holds(answer):\n    expect(answer.loop(), 1, 'loop()')\n",
                                        encoding="utf-8")
    (tmp_path / "mine.py").write_text(f"import os\ndef loop():\n    open({str(tmp_path / 'pid')!r}, 'w').write("
                                      "str(os.getpid()))\n    while True: pass\n", encoding="utf-8")
    code = ("import sys; from pathlib import Path; from course.check import runner\n"
            "runner.run('a/b', Path('checks.py'), Path('mine.py'))")
    owner = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path)
    child = int(_eventually(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text()))
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    assert _eventually(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == "zombie")


@POSIX
def test_a_daemon_in_its_own_session_is_found(checked: Checked) -> None:
    if not os.path.exists("/proc/self/environ"):
        pytest.skip("only Linux shows the environment of a process")
    source = ("import os, time\ndef double(v):\n    if os.fork() == 0:\n        os.setsid()\n"
              "        if os.fork() == 0:\n            time.sleep(60)\n        os._exit(0)\n    os.wait()\n"
              "    return v + v\nasync def later():\n    return 'done'\n")
    problem = checked(source).first_problem
    assert problem is not None
    assert "running in the background" in problem.message


def _eventually(holds: Callable[[], object], seconds: float = 20.0) -> object:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if value := holds():
                return value
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} seconds")
