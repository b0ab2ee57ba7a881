"""An exercise in a notebook, pressed as a page presses it, in a real kernel."""

import subprocess
import sys
from pathlib import Path

import pytest
from small_course import CHECKS, FILES, RIGHT, write

ADDRESS = "loans/add"
CELL = f'exercise("{ADDRESS}")'


def mine(root: Path) -> Path:
    return root / "work" / "loans" / "add.py"


def test_it_shows_what_is_asked_and_where_to_write(page, root):
    output = page.run(CELL)
    told = output.pieces[0]["text/markdown"]
    assert told.startswith("### Add two loans\n\n5 minutes, 2 points\n\nWrite `add(a, b)`.")
    assert "[work/loans/add.py](../../work/loans/add.py)" in told
    assert "# TODO: the sum" in mine(root).read_text(encoding="utf-8")
    assert page.buttons(output.view) == ["Check", "Hint 1 of 2", "Solution", "Reset"]
    assert page.read(output.view).strip() == "Not begun yet."
    assert not output.errors


def test_check_says_what_is_wrong_and_escapes_what_it_shows(page, root, seen):
    view = page.run(CELL).view
    page.press(view, "Check")
    assert "This is the starter as it was" in page.read(view)
    assert seen(ADDRESS).attempts == 0
    mine(root).write_text("def add(a, b):\n    return '<script>'\n", encoding="utf-8")
    page.heard.clear()
    page.press(view, "Check")
    assert page.heard[0].strip() == "Checking ..."
    told = " ".join(page.read(view).split())
    assert "Not passed yet; 1 try. NOT YET it adds numbers add(1, 2) is wrong for <loans>" in told
    assert "expected 3 got '<script>' your code printed: trying <b>numbers</b> Hint 2 helps here." in told
    assert told.endswith("later it adds lists 0 of 2 checks pass.")
    html = "".join(piece.get("text/html", "") for piece in page.pieces(view))
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert 'role="status"' in html
    mine(root).write_text(RIGHT, encoding="utf-8")
    page.press(view, "Check")
    assert page.read(view).split()[0] == "Passed"
    assert "All checks pass." in page.read(view)
    assert seen(ADDRESS).status == "passed"
    assert page.buttons(view) == ["Check", "Hint 1 of 2", "Solution", "Reset"]


def test_an_answer_that_cannot_be_loaded_is_told(page, root):
    view = page.run(CELL).view
    mine(root).write_text("def add(:\n", encoding="utf-8")
    page.press(view, "Check")
    assert "line 1" in page.read(view)
    assert "Traceback" not in page.read(view)


def test_hints_come_one_by_one_and_stay(page, seen):
    view = page.run(CELL).view
    page.press(view, "Hint")
    assert "**Hint 1 of 2.** Think of *plus*." in page.read(view)
    assert "Hint 2 of 2.**" not in page.read(view)
    page.press(view, "Hint")
    assert "**Hint 1 of 2.** Think of *plus*.\n**Hint 2 of 2.** `a + b`" in page.read(view)
    assert "[Hint 2 of 2]" in page.buttons(view)
    assert seen(ADDRESS).hints == 2
    again = page.run(CELL).view
    assert "Think of" not in page.read(again)
    page.press(again, "Hint")  # both were taken: no need to ask twice
    assert "`a + b`" in page.read(again)


def test_the_solution_asks_first(page, root):
    view = page.run(CELL).view
    page.press(view, "Solution", times=2)  # a double click is no second decision
    assert "You have not passed it yet. 2 of 2 hints are left." in page.read(view)
    assert "return a + b" not in page.read(view)
    page.press(view, "Check")  # another button takes the question back
    assert "Solution" in page.buttons(view)
    page.press(view, "Solution")
    assert "return a + b" not in page.read(view)
    page.run("import time; time.sleep(0.7)")
    page.press(view, "Solution: show it")
    assert "```python\ndef add(a, b):\n    return a + b\n```" in page.read(view)


def test_the_solution_of_what_is_passed_is_shown_at_once(page, root):
    page.run(CELL)
    mine(root).write_text(RIGHT, encoding="utf-8")
    view = page.run(CELL).view
    page.press(view, "Solution")
    assert "There are others." in page.read(view)


def test_a_reset_asks_and_can_be_undone(page, root, seen):
    view = page.run(CELL).view
    starter = mine(root).read_text(encoding="utf-8")
    page.press(view, "Reset")
    assert "Your file is the starter already." in page.read(view)
    mine(root).write_text(RIGHT, encoding="utf-8")
    page.press(view, "Check")
    page.press(view, "Reset")
    assert mine(root).read_text(encoding="utf-8") == RIGHT
    page.run("import time; time.sleep(0.7)")
    page.press(view, "Reset: begin anew")
    assert mine(root).read_text(encoding="utf-8") == starter
    assert "Your text is in work/.aside/loans/add.1.py; Undo brings it back." in page.read(view)
    assert "All checks pass" not in page.read(view)
    assert page.buttons(view)[-1] == "Undo reset"
    again = page.run(CELL).view
    page.press(again, "Undo")
    assert mine(root).read_text(encoding="utf-8") == RIGHT
    assert seen(ADDRESS).status == "passed"
    assert "Undo reset" not in page.buttons(again)


def test_running_the_cell_again_checks_what_was_written(page, root, seen):
    page.run(CELL)
    mine(root).write_text("def add(a, b):\n    return a\n", encoding="utf-8")
    output = page.run(CELL)
    assert "NOT YET" in page.read(output.view)
    instead = output.pieces[1]  # what an editor without widgets shows
    assert "course check add" in instead["text/plain"]
    assert "NOT YET  it adds numbers\n         add(1, 2) is wrong for <loans>\n" in instead["text/plain"]
    assert "<code>course check add</code>" in instead["text/html"]
    assert "<strong>NOT YET</strong>" in instead["text/html"]
    assert seen(ADDRESS).attempts == 1
    mine(root).write_text(RIGHT, encoding="utf-8")
    page.run(CELL)
    assert (seen(ADDRESS).status, seen(ADDRESS).attempts) == ("passed", 2)
    assert "All checks pass." in page.read(page.run(CELL).view)
    assert seen(ADDRESS).attempts == 2  # a notebook that is run whole is no new attempt
    write(root, {"exercises/loans/add/checks.py": CHECKS.replace("it adds lists", "lists too")})
    assert "The exercise has changed since." not in page.read(page.run(CELL).view)  # it passed just now
    assert seen(ADDRESS).attempts == 3


def test_a_pass_of_an_older_exercise_is_told(page, root):
    view = page.run(CELL).view
    mine(root).write_text(RIGHT, encoding="utf-8")
    page.press(view, "Check")
    write(root, {"exercises/loans/add/checks.py": CHECKS.replace("[1, 2]", "[2, 1]")})
    mine(root).unlink()
    assert "The exercise has changed since." in page.read(page.run(CELL).view)


def test_a_check_gets_its_database(page, root):
    task = FILES["exercises/loans/add/task.md"].replace("points: 2", "points: 1\nneeds: postgres")
    checks = ('import psycopg\nfrom course.check import check, expect\n'
              '@check("it counts")\ndef counts(answer, database):\n'
              '    with psycopg.connect(database) as connection:\n'
              '        [[count]] = connection.execute("SELECT count(*) FROM copies").fetchall()\n'
              '    expect(answer.add(count, 1), 3, "the copies")\n')
    write(root, {"exercises/loans/add/task.md": task, "exercises/loans/add/checks.py": checks,
                 "exercises/loans/add/setup.sql": "CREATE TABLE copies (); INSERT INTO copies DEFAULT VALUES;"
                                                  "INSERT INTO copies DEFAULT VALUES;"})
    page.run(CELL)
    mine(root).write_text(RIGHT, encoding="utf-8")
    assert "All checks pass." in page.read(page.run(CELL).view)


def test_a_check_that_runs_long_can_be_stopped(page, root):
    write(root, {"exercises/loans/add/checks.py": CHECKS.replace('numbers")\ndef', 'numbers", timeout=50)\ndef')})
    view = page.run(CELL).view
    mine(root).write_text("import time\ndef add(a, b):\n    time.sleep(45)\n", encoding="utf-8")
    page.press(view, "Check", meanwhile=lambda said: page.interrupt() if "Checking" in said else None)
    assert "Stopped before it was finished." in page.read(view)
    assert "Check" in page.buttons(view)


@pytest.mark.parametrize(("files", "told"), [
    ({"work/progress.json": "{"}, "The file was set aside as progress.corrupt-1.json, and progress begins anew"),
    ({"work/loans": "a file in place of the folder"}, "then try again."),
    ({"work/progress.json/keep": ""}, "then try again."),
    ({"exercises/loans/add/hints.md": "## Wrong\n"}, "its sections must be"),
])
def test_what_stands_in_the_way_is_told_in_a_sentence(page, root, files, told):
    write(root, files)
    output = page.run(CELL)
    assert told in output.text("text/html")
    assert not output.errors


def test_what_breaks_later_is_told_in_a_sentence(page, root):
    view = page.run(CELL).view
    write(root, {"work/progress.json": "{"})
    page.press(view, "Hint")
    assert "progress begins anew" in page.read(view)
    assert "**Hint 1" in page.read(view)
    write(root, {"exercises/loans/add/checks.py": "import nowhere\n"})
    page.press(view, "Check")
    assert "The checks of this exercise are broken, which is not your fault." in page.read(view)
    assert "nowhere" in page.read(view)
    page.press(view, "Solution")
    assert "Solution: show it" in page.buttons(view)
    (root / "exercises/loans/add/task.md").unlink()
    page.press(view, "Check")
    assert "Solution" in page.buttons(view)  # the question was taken back here too
    assert "There is no exercise 'loans/add'" in page.read(view)
    assert "Check" in page.buttons(view)


@pytest.mark.parametrize(("call", "told"), [
    ('exercise("loans/nope")', "There is no exercise 'loans/nope': this lesson has loans/add."),
    ('exercise("../add")', "There is no exercise '../add'"),
    ('quiz("loans/nope")', "no question is called 'nope'; there are: nothing_runs"),
    ('predict("nope/counts")', "There is no question 'nope/counts'"),
])
def test_what_does_not_exist_is_told_in_a_sentence(page, call, told):
    output = page.run(call)
    [piece] = output.pieces
    assert told in piece["text/plain"]
    assert not output.errors


def test_outside_the_course_a_sentence_says_what_to_do(page, tmp_path):
    page.run(f"os.chdir({str(tmp_path)!r})")
    for call in (CELL, 'quiz("loans/keyword")'):
        output = page.run(call)
        assert "change into the folder of the course first" in output.text("text/plain")
        assert not output.errors


def test_a_notebook_that_has_changed_folders_is_still_found(page, root, tmp_path):
    notebook = root / "tiers" / "one" / "loans.ipynb"
    notebook.write_text("{}", encoding="utf-8")
    page.run(f"os.chdir({str(tmp_path)!r}); os.environ['JPY_SESSION_NAME'] = {str(notebook)!r}")
    try:
        assert "(../../work/loans/add.py)" in page.run(CELL).pieces[0]["text/markdown"]
    finally:
        page.run("del os.environ['JPY_SESSION_NAME']")


def test_a_plain_script_prints_it(root, monkeypatch):
    monkeypatch.delenv("COURSE_PROOF", raising=False)
    script = root / "script.py"
    script.write_text(f"from course.lesson import exercise, quiz\n{CELL}\nquiz('loans/keyword', 'AWAIT ')\n",
                      encoding="utf-8")
    done = subprocess.run([sys.executable, str(script)], cwd=root, capture_output=True, text=True, check=True)
    assert "Write `add(a, b)`." in done.stdout
    assert "course check add" in done.stdout
    assert "**Right.**" in done.stdout
    assert done.stderr == ""
