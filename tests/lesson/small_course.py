"""A small course with an exercise and a quiz, as files."""

from pathlib import Path

CHECKS = '''
from course.check import check, expect

@check("it adds numbers")
def adds(answer):
    print("trying <b>numbers</b>")
    expect(answer.add(1, 2), 3, "add(1, 2) is wrong for <loans>", hint=2)

@check("it adds lists", needs=adds)
def adds_lists(answer):
    expect(answer.add([1], [2]), [1, 2], "add([1], [2]) is wrong")
'''
QUIZ = """# Loans

## nothing_runs {choice}

What has run after `book = fetch(42)`?

- [x] Nothing of `fetch`.
  > Calling builds a coroutine object.
- [ ] All of it:

  ```python
  return book
  ```

  > It has not begun.

## who_yields {multi}

Which of these let another task run?

- [x] `await asyncio.sleep(0)`
  > It gives the loop a turn.
- [x] `await lock.acquire()`
  > The task sleeps.
- [ ] `time.sleep(1)`
  > It blocks the loop.

## first_steps {order}

Put the steps in order.

1. Resolve the name.
2. Open the connection.
3. Send the request.

> Nothing can be sent before there is a connection.

## counts {predict}

What does this print?

```python
for number in range(2):
    print(number)
```

- ```text
  1
  2
  ```
  > It begins with 0.

> The end is not part of a range.

## keyword {text}

Which keyword waits?

- [x] `await`
- [ ] async
  > It declares.

> It runs the coroutine.
"""
FILES = {
    "_toc.yml": "format: jb-book\nroot: tiers/one/loans\n",
    "exercises/loans/quiz.md": QUIZ,
    "exercises/loans/add/task.md": "---\ntitle: Add two loans\nminutes: 5\npoints: 2\n---\n\nWrite `add(a, b)`.\n",
    "exercises/loans/add/checks.py": CHECKS,
    "exercises/loans/add/solution.py": "def add(a, b):\n    # >>> the sum\n    return a + b\n    # <<<\n",
    "exercises/loans/add/hints.md": "## A nudge\n\nThink of *plus*.\n\n## A direction\n\n`a + b`\n",
}
RIGHT = "def add(a, b):\n    return a + b\n"


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
