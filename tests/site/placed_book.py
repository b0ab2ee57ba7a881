"""A small book with two lessons, exercises and one question of each kind."""

import shutil
from pathlib import Path

import synthetic_book as book

from course.site import scripts
from course.site.build import build

TASK = """---
title: Count the loans
minutes: 12
points: 2
---
Shelf counts [loans](../../../book/glossary.md#term-unit-of-work), see also [the page](book/how_to_run.md).

1. Write `count(loans)`.

```python
>>> count([1, 2])
2
```
"""
SOLUTION = '''"""Counting."""


def count(loans: list[int]) -> int:
    """Return how many there are."""
    # >>> count them
    return len(loans) + 0 * 4711
    # <<<


AFTER = "<b> & 'quoted'"
'''
HINTS = "## A nudge\nThink of nudgeword.\n\n## A direction\nA [unit](../../../book/glossary.md#term-unit-of-work).\n"
QUIZ = """# Loans

## whole {choice}

What counts? See [the glossary](../../book/glossary.md#term-unit-of-work).

- [x] `len`, with *all* of it
  > Right because feedbackword.
- [ ] `sum`
  > It adds.
- [ ] This program:

  ```python
  print(0)
  ```

  > It prints.

> An explanation of the choice.

## several {multi}

Which are even?

- [x] two
  > 2
- [x] four
  > 4
- [ ] three
  > Odd.
- [ ] five
  > Odd too.

## steps {order}

Put in order.

1. Ask
2. Lend
3. Return

> First ask.

## printed {predict}

What does it print?

```python
print("one")
print("two")
```

- ```text
  two
  one
  ```
  > The other way round.
- `one`
  > There is more.

> Line by line.

## word {text}

The word?

- [x] `await`
- [x] Straße  9
- [ ] async
  > That declares.

> It waits.
"""
IMPORT = "from course.lesson import exercise, predict, quiz"
LESSON = "tiers/a/loans"
PAGE = f"{LESSON}.html"
ANSWER = book.code('print("one\\ntwo")', book.stream("one\ntwo\n"))
KINDS = ("whole", "several", "steps", "word")


def lesson(*cells: dict[str, object]) -> str:
    return book.notebook(book.markdown("## A section\n\nText."), *cells, title="Loans")


def sound() -> str:
    """The lesson with everything in its place."""
    return lesson(
        book.code(f'{IMPORT}\npredict("loans/printed")'), ANSWER, book.markdown("## Misconceptions\n\nSome."),
        book.code("\n".join(f'quiz("loans/{name}")' for name in KINDS)),
        book.markdown("## Your turn\n\nDo [the exercise](#exercise-count_loans)."),
        book.code('exercise("loans/count_loans")'), book.code('exercise("loans/count_in_sql")'),
        book.markdown("## Judgement\n\nLast words."))


def write_exercise(folder: Path, address: str = "loans/count_loans", task: str = TASK, solution: str = SOLUTION,
                   suffix: str = ".py", hints: str = HINTS) -> Path:
    place = folder / "exercises" / address
    place.mkdir(parents=True, exist_ok=True)
    texts = {"task.md": task, f"solution{suffix}": solution, "hints.md": hints, "checks.py": '"""Checks."""\n'}
    for name, text in texts.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


def write(folder: Path, notebook: str | None = None, quiz: str = QUIZ) -> Path:
    """Write the book: the lesson (the sound one unless given), its two exercises and its quiz."""
    pages = {f"{LESSON}.ipynb": notebook or sound(), "book/how_to_run.md": "# How to run\n\nText.\n",
             "book/progress.md": (book.ROOT / "book" / "progress.md").read_text(encoding="utf-8"),
             "book/done.md": (book.ROOT / "book" / "done.md").read_text(encoding="utf-8"),
             "tiers/a/plain.ipynb": book.notebook(book.code("print(1)", book.stream("1\n")))}
    book.small(folder, pages)
    write_exercise(folder)
    write_exercise(folder, "loans/count_in_sql", TASK.replace("points: 2", "points: 1\nneeds: postgres"),
                   "-- >>> count\nSELECT count(*) FROM loan;\n-- <<<\n", ".sql")
    (folder / "exercises" / "loans" / "quiz.md").write_text(quiz, encoding="utf-8")
    return folder


def publish(folder: Path, notebook: str | None = None) -> Path:
    """Write the book and build it with the page's scripts; return the folder of the site."""
    shutil.copytree(scripts.bundle(book.ROOT), folder / scripts.BUNDLES, dirs_exist_ok=True)
    shutil.copy(book.ROOT / "package-lock.json", folder)
    return build(write(folder, notebook)).resolve()
