"""Checking as the page does it, step by step in one Python, held to what the runner says of the same answers.

The desk changes the Python in which it works, so it works in a child process here.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bad_answers import CHECKS, RIGHT, TRICKS, WRONG

from course.check.results import Result

DRIVER = """
import json, sys
from course.check.in_page import Desk

given = json.load(sys.stdin)
desk = Desk(given["folder"])
path = desk.checks_of("lesson/mine")
path.parent.mkdir(parents=True)
path.write_text(given["checks"], encoding="utf-8")
say, told = sys.stdout.write, []
for text, ends in given["runs"]:
    state, steps = None, []
    for ended in [*ends, *[None] * 9]:
        request = json.dumps({"address": "lesson/mine", "name": "mine.py", "text": text, "state": state,
                              "ended": ended})
        steps.append({"coming": json.loads(desk.coming(request)), **json.loads(desk.step(request))})
        state = steps[-1].get("state")
        if "unusable" in steps[-1] or steps[-1]["result"] or not steps[-1]["clean"]:
            break
    told.append(steps)
say("\\n" + json.dumps(told))
"""
# What needs a clock that no thread keeps (sys.monitoring, Python 3.12), and what ends the whole Python.
LOOPS = {"endless loop", "swallows the timeout"}
ENDS = {"os._exit", "crash"}
MACHINES = {"leaves a thread", "leaves a process", "prints a result and leaves"}  # no page has threads and processes
Steps = list[dict[str, Any]]


@pytest.fixture
def page(tmp_path: Path) -> Callable[..., list[Steps]]:
    """Check answers, one after the other, at one desk; `ends` tells how steps have ended elsewhere."""
    def check(*answers: str, checks: str = CHECKS, ends: tuple[object, ...] = ()) -> list[Steps]:
        given = {"folder": str(tmp_path / "desk"), "checks": checks, "runs": [(text, ends) for text in answers]}
        done = subprocess.run([sys.executable, "-c", DRIVER], input=json.dumps(given), capture_output=True, text=True,
                              check=True, timeout=120)
        told: list[Steps] = json.loads(done.stdout.splitlines()[-1])
        return told
    return check


def test_a_right_answer_passes_as_on_a_machine(page: Any, checked: Callable[..., Result]) -> None:
    [first, again] = page(RIGHT, RIGHT)
    assert first[-1]["result"] == again[-1]["result"] == checked(RIGHT).to_json()
    assert [step["coming"]["title"] for step in first] == ["", "it doubles a number", "it doubles a list", "it waits"]
    assert all(step["clean"] for step in first)


@pytest.mark.parametrize("name", sorted(set(WRONG) - LOOPS - ENDS - {"prints without an end"}))
def test_a_wrong_answer_gets_the_same_words(page: Any, checked: Callable[..., Result], name: str) -> None:
    [steps] = page(WRONG[name][0])
    assert steps[-1]["result"] == checked(WRONG[name][0]).to_json()


@pytest.mark.parametrize("name", ["prints without an end", *sorted(LOOPS)])
def test_what_never_ends_is_told_and_the_desk_is_given_up(page: Any, name: str) -> None:
    if name in LOOPS and sys.version_info < (3, 12):
        pytest.skip("sys.monitoring came with Python 3.12")
    source, check, status, words = WRONG[name]
    [steps] = page(source)
    [told] = [one for one in steps[-1]["state"]["done"] if one["id"] == check]
    assert told["status"] == status
    assert words in told["message"] or "it was in line 2: `while True:`" in told["message"]
    assert not steps[-1]["clean"]


@pytest.mark.parametrize("name", sorted(set(TRICKS) - MACHINES - {"replaced builtin", "replaced list"}))
def test_a_trick_does_not_pass(page: Any, name: str) -> None:
    [steps] = page(TRICKS[name])
    told = [one["status"] for step in steps for one in step["state"]["done"] if one["id"] == "doubles"]
    loaded = [step["result"]["status"] for step in steps if step["result"]]
    assert "pass" not in told + loaded
    assert told or loaded


def test_a_new_worker_goes_on_where_one_was_ended(page: Any) -> None:
    slow = {"reason": "slow", "seen": False}
    [steps] = page(RIGHT, ends=(None, slow))
    first, second, third = steps[-1]["result"]["checks"]
    assert (first["status"], second["status"], third["status"]) == ("fail", "skip", "pass")
    assert first["message"].startswith("It took longer than 1 seconds, so it was stopped")
    assert second["message"] == "First make this pass: it doubles a number."


def test_an_answer_that_ends_python_while_it_is_loaded(page: Any) -> None:
    [[step]] = page(RIGHT, ends=({"reason": "exit", "status": 3, "seen": False},))
    assert step["result"]["status"] == "error"
    assert "could not be loaded. The program ended (exit status 3)" in step["result"]["message"]


def test_nothing_of_one_answer_reaches_the_next(page: Any) -> None:
    leaves = ("import os, sys\nos.environ['LEFT'] = 'x'\nsys.path.insert(0, '/left')\nsys.setrecursionlimit(200)\n"
              "open('left.txt', 'w').close()\n" + RIGHT)
    asks = ("import os, sys\nassert 'LEFT' not in os.environ and '/left' not in sys.path\n"
            "assert sys.getrecursionlimit() > 200 and not os.path.exists('left.txt')\n" + RIGHT)
    [_, steps] = page(leaves, asks)
    assert steps[-1]["result"]["status"] == "pass", steps[-1]["result"]["message"]


def test_tasks_that_are_left_behind_end_with_their_check(page: Any) -> None:
    leaves = RIGHT.replace("    await asyncio.sleep(0)\n", "    asyncio.create_task(asyncio.sleep(60))\n"
                           "    asyncio.get_running_loop().call_later(60, print, 'late')\n    await asyncio.sleep(0)\n")
    [steps] = page(leaves)
    assert steps[-1]["result"]["status"] == "pass"


def test_await_outside_a_function_is_refused_as_on_a_machine(page: Any, checked: Callable[..., Result]) -> None:
    [steps] = page("import asyncio\nawait asyncio.sleep(0)\n")
    assert steps[-1]["result"] == checked("import asyncio\nawait asyncio.sleep(0)\n").to_json()
    assert steps[-1]["result"]["line"] == 2


@pytest.mark.parametrize(("checks", "words"), [
    ("x = 1\n", "no check"),
    ("from course.check import check\n@check('it')\ndef it(answer, database): ...\n", "asks for database"),
    ("def\n", "SyntaxError")])
def test_checks_that_cannot_be_used_are_told(page: Any, checks: str, words: str) -> None:
    [[step]] = page(RIGHT, checks=checks)
    assert words in step["unusable"]
