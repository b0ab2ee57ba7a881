"""Small exercises and a lab that hold every rule, as texts by file name: each test breaks one thing in one of them."""

from pathlib import Path

from course.proof.prove import Proof

# What is done to a file: a new text, None to leave it out, or a part of it and what comes in its place.
Edit = str | None | tuple[str, str]

HINTS = "## A nudge\n\nLook at the holders.\n\n## A direction\n\nStop at the first.\n"
COPIES = {
    "task.md": """---
title: The first free copy
minutes: 5
points: 3
---

Shelf has several copies of a book. Write `first_free(copies)`: it returns the first copy that nobody holds.

```python
>>> first_free({"north 1": "Ada", "north 2": None})
'north 2'
>>> async def later():
...     return first_free({"south 1": None})
>>> await later()
'south 1'
>>> first_free(None)
Traceback (most recent call last):
AttributeError: 'NoneType' object has no attribute 'items'
```
""",
    "hints.md": HINTS,
    "solution.py": '''"""Copies of a book."""


def first_free(copies):
    """Return the first copy without a holder, or None."""
    # >>> find the copy
    return next((copy for copy, holder in copies.items() if holder is None), None)
    # <<<
''',
    "checks.py": '''"""What is free."""

from course.check import Answer, check, expect


@check("the first copy without a holder is found")
def finds_the_first(answer: Answer) -> None:
    expect(answer.first_free({"a": "Ada", "b": None, "c": None}), "b", "b is the first free copy of a, b, c", hint=1)


@check("there may be none", points=2)
def none_is_free(answer: Answer) -> None:
    expect(answer.first_free({"a": "Ada"}), None, "Ada holds the only copy", hint=2)
''',
    "right/loop.py": '''# A loop instead of `next`.
def first_free(copies):
    for copy, holder in copies.items():
        if holder is None:
            return copy
    return None
''',
    "wrong/finds_the_first_at_the_end.py": '''# caught by: finds_the_first
# says: 'c'
def first_free(copies):
    found = None
    for copy, holder in copies.items():
        if holder is None:
            found = copy
    return found
''',
    "wrong/none_is_free.py": '''# caught by: none_is_free
# says: StopIteration
def first_free(copies):
    return next(copy for copy, holder in copies.items() if holder is None)
''',
}

QUERY = {
    "task.md": "---\ntitle: Titles in order\nminutes: 5\npoints: 2\nneeds: postgres\n---\n\n"
               "Write a query that lists the titles of `book` in order.\n",
    "hints.md": HINTS,
    "setup.sql": "CREATE TABLE book (title text, copies int);\n"
                 "INSERT INTO book VALUES ('Ulysses', 2), ('Emma', 1), ('Kim', 0);\n",
    "solution.sql": "-- The catalogue.\n-- >>> the titles of all books, in order\n"
                    "SELECT title FROM book ORDER BY title;\n-- <<<\n",
    "checks.py": '''"""The query, run on a database of its own."""

import psycopg

from course.check import TextAnswer, check, expect, require


def rows(query: str, database: str) -> list:
    with psycopg.connect(database) as db:
        cursor = db.execute(query)
        require(cursor.description is not None, "the file holds no query")
        return [title for (title,) in cursor]


@check("every title is listed")
def complete(answer: TextAnswer, database: str) -> None:
    expect(set(rows(answer.text, database)), {"Emma", "Kim", "Ulysses"}, "the titles in the list are not all")


@check("they stand in order", needs=complete)
def ordered(answer: TextAnswer, database: str) -> None:
    with psycopg.connect(database) as db:
        db.execute("INSERT INTO book VALUES ('Beloved', 1)")
    expect(rows(answer.text, database), ["Beloved", "Emma", "Kim", "Ulysses"], "the titles are not in order")
''',
    "wrong/complete.sql": "-- caught by: complete\n-- says: titles in the list are not all\n"
                          "SELECT title FROM book WHERE copies > 0 ORDER BY title;\n",
    "wrong/ordered.sql": "-- caught by: ordered\n-- says: not in order\nSELECT title FROM book;\n",
}

SETTINGS = {
    "task.md": "---\ntitle: Settings\nminutes: 5\npoints: 1\n---\n\nSet the port of Shelf to 8000.\n",
    "hints.md": HINTS,
    "solution.yaml": "shelf:\n  # >>> the port\n  port: 8000\n  # <<<\n",
    "checks.py": '''"""The file, read by its lines."""

from course.check import TextAnswer, check, require


@check("the port is 8000")
def port(answer: TextAnswer) -> None:
    require("  port: 8000" in answer.text.splitlines(), f"the file says:\\n{answer.text}")
''',
    "wrong/port.yaml": "# caught by: port\n# says: '8000'\nshelf:\n  port: '8000'\n",
    "wrong/port_of_nobody.yaml": "# caught by: port\n# says: port: 8000\nport: 8000\n",
}

LAB = {
    "lab.md": "---\ntitle: A store\nminutes: 30\npoints: 2\n---\n\nWrite the module `shelf.store`.\n\n"
              "```python\n>>> from shelf.store import Store\n>>> Store().add('Emma')\n1\n```\n",
    "checks.py": '''"""The store, used through its module."""

from course.check import LabAnswer, check, expect


@check("adding returns how many there are")
def counts(answer: LabAnswer) -> None:
    expect(answer.load("shelf.store").Store().add("Emma"), 1, "the first book is one book")


@check("two stores know nothing of each other")
def apart(answer: LabAnswer) -> None:
    Store = answer.load("shelf.store").Store
    expect(Store().add("Emma"), 1, "the first book in the first store")
    expect(Store().add("Kim"), 1, "the first book in the second store")
''',
    "starter/shelf/__init__.py": "",
    "starter/shelf/store.py": "class Store:\n    def add(self, book):\n        ...\n",
    "reference/shelf/__init__.py": "",
    "reference/shelf/names.py": "def tidy(book):\n    return book.strip()\n",
    "reference/shelf/store.py": "from shelf.names import tidy\n\n\nclass Store:\n    def __init__(self):\n"
                                "        self.books = []\n\n    def add(self, book):\n"
                                "        self.books.append(tidy(book))\n        return len(self.books)\n",
    "wrong/counts.patch": """caught by: counts
says: got: None

--- a/shelf/store.py
+++ b/shelf/store.py
@@ -8,3 +8,2 @@
     def add(self, book):
         self.books.append(tidy(book))
-        return len(self.books)
""",
    "wrong/apart_in_one_list.patch": """caught by: apart
says: second store

--- a/shelf/store.py
+++ b/shelf/store.py
@@ -4,3 +4,2 @@
 class Store:
-    def __init__(self):
-        self.books = []
+    books = []
""",
}

QUIZ = """## first_printed {predict}

```python
print(1 + 1)
```

- `11`
  > These are numbers.

> The sum.
"""


def lay_out(root: Path, files: dict[str, str], edits: dict[str, Edit], address: str = "books/sound") -> None:
    """Write the files of an exercise with the edits done."""
    for name in files | edits:
        edit = edits.get(name, files.get(name))
        if isinstance(edit, tuple):
            assert files[name].count(edit[0]) == 1, f"{edit[0]!r} stands in {name} {files[name].count(edit[0])} times"
            edit = files[name].replace(*edit)
        if edit is not None:
            write(root, f"exercises/{address}/{name}", edit)


def write(root: Path, name: str, text: str) -> None:
    """Write a file and the folders above it."""
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


def assert_told(proof: Proof, file: str, words: str) -> None:
    """Assert that a fault about `file` has the words, and that each fault is one line that begins with its file."""
    told = [fault for fault in proof.faults if fault.startswith(f"exercises/books/sound/{file}: ") and words in fault]
    assert told, "\n".join(proof.faults) or "no fault"
    assert all(fault.startswith("exercises/") and "\n" not in fault for fault in proof.faults)
