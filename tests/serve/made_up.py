"""Two exercises of the made-up course: one that needs Python only, one that needs PostgreSQL."""

TASK = "---\ntitle: {0}\nminutes: 5\npoints: 1\n{1}---\n\nWrite it.\n"
HINTS = "## A nudge\n\nThink.\n"
ADD = '''from course.check import check, expect


@check("it adds")
def adds(answer):
    expect(answer.add(1, 2), 3, "add(1, 2) is not the sum", hint=1)
'''
ROWS = '''import psycopg

from course.check import check, expect


@check("it counts the books")
def counts(answer, database):
    with psycopg.connect(database) as db:
        expect(db.execute(answer.text).fetchone(), (2,), "the query finds another number")
'''
FILES = {
    "exercises/demo/add/task.md": TASK.format("A sum", ""),
    "exercises/demo/add/hints.md": HINTS,
    "exercises/demo/add/checks.py": ADD,
    "exercises/demo/add/solution.py": "def add(a, b):\n    # >>> return the sum\n    return a + b\n    # <<<\n",
    "exercises/demo/rows/task.md": TASK.format("How many", "needs: postgres\n"),
    "exercises/demo/rows/hints.md": HINTS,
    "exercises/demo/rows/checks.py": ROWS,
    "exercises/demo/rows/setup.sql": "CREATE TABLE book (title text);\nINSERT INTO book VALUES ('Dune'), ('Emma');\n",
    "exercises/demo/rows/solution.sql": "-- >>> count them\nSELECT count(*) FROM book\n-- <<<\n",
}
