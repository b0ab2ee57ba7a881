"""The right answer of a prediction is what the program prints, and nothing else can become it."""

import json
import os
import sys
import time
from types import SimpleNamespace

import pytest

from course.check import predict_answer, quiz
from course.check.predict_answer import PredictError, answer

QUIZ = """\
## words {choice}

Which?

- [x] yes
  > good
- [ ] no
  > bad

## sum {predict}

What is printed?

```python
print(1 + 1)
```

- `11`
  > These are numbers.
- `2.0`
  > Adding whole numbers gives a whole number.

> `1` and `1` are `int`.
"""


def only_file(folder):
    [path] = folder.iterdir()
    return path


@pytest.mark.parametrize(("code", "printed"), [
    ("print('a')\nprint('b  ')\nprint()", "a\nb"),
    ("print('\\u00e9 \\u4e66')", "\u00e9 \u4e66"),
    ("print('start')\n1 / 0", "start\nraises ZeroDivisionError"),
    ("class Late(Exception): pass\nraise Late('soon')", "raises Late"),
    ("def f(:", "raises SyntaxError"),
    ("raise SystemExit(3)", "raises SystemExit"),
    ("import sys\nprint('shown')\nprint('hidden', file=sys.stderr)", "shown"),
    ("print(input())", "raises EOFError"),
    ("import inspect\ndef f(): pass\nprint(inspect.getsource(f))\nprint(__name__)", "def f(): pass\n\n__main__"),
    ("import asyncio\nasync def main(): print(await asyncio.sleep(0, 'x'))\nasyncio.run(main())", "x"),
    ("import os\nprint(os.listdir())", "['question.py']"),
])
def test_a_program_is_answered_by_what_it_prints(code, printed):
    assert answer(code) == printed


@pytest.mark.parametrize(("code", "message"), [
    ("x = 1", "the program prints nothing; print what the question is about"),
    ("import uuid\nprint(uuid.uuid4())", "two runs of the program printed different things; take out what varies "
                                         "(times, addresses, the order of a set)"),
    ("while True: print('x' * 1000)", "the program prints more than 20,000 bytes; print less"),
    ("import os\nprint('x', flush=True)\nos._exit(3)", "the program ended with status 3; let it end by itself or by an "
                                                       "exception"),
])
def test_a_program_without_one_answer_is_refused(code, message):
    with pytest.raises(PredictError) as caught:
        answer(code)
    assert str(caught.value) == message


@pytest.mark.parametrize("code", [
    "print('x', flush=True)\nwhile True: pass",
    "import time, subprocess, sys\nsubprocess.run([sys.executable, '-c', 'while True: pass'])",
], ids=["itself", "its child"])
def test_an_endless_program_is_ended(code):
    with pytest.raises(PredictError, match=r"ran for more than 0\.5 s; make it end sooner"):
        answer(code, seconds=0.5)


@pytest.mark.skipif(os.name == "nt", reason="a process group is ended as one only here")
def test_what_an_endless_program_started_is_ended_with_it(tmp_path):
    alive = tmp_path / "alive"
    child = f"import time\nwhile True: open({str(alive)!r}, 'a').write('x'); time.sleep(0.01)"
    for seconds in (1, 5, 25):  # a busy machine may need longer than one second to start two Pythons
        with pytest.raises(PredictError):
            answer(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {child!r}])", seconds=seconds)
        if alive.exists():
            break
    size = alive.stat().st_size
    time.sleep(0.2)
    assert alive.stat().st_size == size > 0


def test_the_environment_does_not_reach_the_program(monkeypatch, tmp_path):
    (tmp_path / "helper.py").write_text("word = 'from outside'\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert answer("import helper\nprint(helper.word)") == "raises ModuleNotFoundError"


def test_a_known_program_is_not_run_again(tmp_path, monkeypatch):
    assert answer("print(6 * 7)", tmp_path / "cache") == "42"
    monkeypatch.setattr(predict_answer, "_printed", lambda *_: pytest.fail("it ran"))
    assert answer("print(6 * 7)", tmp_path / "cache") == "42"
    with pytest.raises(pytest.fail.Exception, match="it ran"):
        answer("print(6 * 8)", tmp_path / "cache")


def test_another_python_computes_its_own_answer(tmp_path, monkeypatch):
    answer("print(1)", tmp_path)
    monkeypatch.setattr(sys, "version_info", SimpleNamespace(major=3, minor=99))
    monkeypatch.setattr(predict_answer, "_printed", lambda *_: "from 3.99")
    assert answer("print(1)", tmp_path) == "from 3.99"


def _another_text(kept):
    return json.dumps({**kept, "output": "41"})


@pytest.mark.parametrize("spoil", [
    lambda kept: "", lambda kept: "{", lambda kept: "[]", lambda kept: "null", lambda kept: "[" * 100_000,
    lambda kept: json.dumps({"output": "41"}), lambda kept: json.dumps({**kept, "output": 42}), _another_text,
    lambda kept: json.dumps({**kept, "sha256": 1}),
])
def test_a_spoiled_cache_is_harmless(tmp_path, spoil):
    answer("print(42)", tmp_path)
    path = only_file(tmp_path)
    good = path.read_text(encoding="utf-8")
    path.write_text(spoil(json.loads(good)), encoding="utf-8")
    assert answer("print(42)", tmp_path) == "42"
    assert path.read_text(encoding="utf-8") == good


def test_bytes_that_are_no_text_and_the_entry_of_another_program_are_harmless(tmp_path):
    answer("print(42)", tmp_path / "a")
    answer("print(41)", tmp_path / "b")
    path, foreign = only_file(tmp_path / "a"), only_file(tmp_path / "b")
    path.write_bytes(b"\xff\xfe")
    assert answer("print(42)", tmp_path / "a") == "42"
    path.write_bytes(foreign.read_bytes())
    assert answer("print(42)", tmp_path / "a") == "42"


def test_a_cache_that_cannot_be_written_is_harmless(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    assert answer("print(42)", blocked) == "42"
    (tmp_path / "cache").mkdir()
    answer("print(42)", tmp_path / "cache")
    path = only_file(tmp_path / "cache")
    path.unlink()
    path.mkdir()
    assert answer("print(42)", tmp_path / "cache") == "42"
    assert only_file(tmp_path / "cache") == path


def test_a_quiz_is_answered_and_can_be_judged(tmp_path):
    answered = predict_answer.answered(quiz.parse(QUIZ, "quiz.md"), tmp_path)
    question = answered.question("sum")
    told = [quiz.verdict(question, option.id) for option in question.options]
    assert [(one.right, one.chosen[0].text, one.chosen[0].feedback) for one in told] == [
        (False, "11", "These are numbers."), (False, "2.0", "Adding whole numbers gives a whole number."),
        (True, "2", "`1` and `1` are `int`.")]
    assert quiz.as_data(question)["answer"] == [question.options[-1].id]
    assert answered.question("words") == quiz.parse(QUIZ, "quiz.md").question("words")
    assert predict_answer.answered(answered, tmp_path) == answered


def test_a_distractor_that_is_true_is_refused(tmp_path):
    with pytest.raises(quiz.QuizError) as caught:
        predict_answer.answered(quiz.parse(QUIZ.replace("`2.0`", "`2 `"), "q/quiz.md"), tmp_path)
    assert str(caught.value) == ("q/quiz.md:20: this is what the program of 'sum' prints; make it a wrong output, or "
                                 "take it out")


def test_a_program_that_cannot_be_answered_is_named_with_its_line():
    with pytest.raises(quiz.QuizError) as caught:
        predict_answer.answered(quiz.parse(QUIZ.replace("print(1 + 1)", "pass"), "q/quiz.md"))
    assert str(caught.value) == ("q/quiz.md:10: 'sum': the program prints nothing; print what the question is about")
