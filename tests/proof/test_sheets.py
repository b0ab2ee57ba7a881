"""Cheatsheets: blocks are read, run and compared; what is wrong is refused, with file and line."""

import subprocess
import sys
from pathlib import Path

import pytest

from course import sheet
from course.proof.sheets import anatomy, rsync, run
from course.proof.sheets.bash import Bash
from course.proof.sheets.checked import lint, validate
from course.proof.sheets.gitlab import Gitlab
from course.proof.sheets.http import Http
from course.proof.sheets.pytests import Pytest
from course.proof.sheets.python import Python
from course.proof.sheets.sql import Sql

ROOT = Path(__file__).parents[2]
NO_FILES = Path("no_such_folder")


def block(source: str, kind: str = "bash-run", fails: str = "", output: str | None = None) -> sheet.Block:
    words = f"{kind} {sheet.FAILS}={fails}" if fails else kind
    text = f"## Part\n```x {words}\n{source}\n```\n" + ("" if output is None else f"```text output\n{output}\n```\n")
    (one,) = sheet.parse(text, Path("x.md"))
    return one


def collected(folder: Path, text: str) -> str:
    """Write a sheet, let pytest collect and run it, and return what it says."""
    place = folder / sheet.FOLDER
    place.mkdir()
    (place / "small.md").write_text(text)
    end = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "course.proof.sheets.collector", "-p",
                          "no:cacheprovider", "--rootdir", str(folder), "-c", "/dev/null", str(place / "small.md")],
                         capture_output=True, text=True, cwd=ROOT, check=False)
    return end.stdout


# --- reading

def test_blocks_know_their_section_their_lines_and_their_output() -> None:
    text = ("# Title\n\n## One\n\n```bash bash-run\necho a\n```\n\n```text output\na\n```\n\n## Two, too\n\n"
            "```python py-run expect-fail=ValueError\nint('x')\n```\n\n```sql show-only=notation\nSELECT\n```\n")
    first, second, third = sheet.parse(text, Path("x.md"))
    assert (first.section, first.line, first.last, first.source) == ("One", 5, 7, "echo a\n")
    assert first.output == sheet.Output(9, 11, "a\n")
    assert (second.section, second.fails, second.language) == ("Two, too", "ValueError", "python")
    assert (third.kind, third.argument) == ("show-only", "notation")


@pytest.mark.parametrize(("fence", "said"), [
    ("```bash", "no way to prove it"),
    ("```bash bash-run py-run", "two ways to prove it"),
    ("```bash bash-ran", "`bash-ran` says nothing"),
    ("```bash show-only", "needs a reason"),
    ("```bash show-only=laziness", "`laziness` is no reason"),
    ("```yaml yaml-schema", "needs a schema"),
    ("```yaml yaml-schema=compose expect-fail=1", "needs a code, and a block that is run"),
    ("```text output", "an output that follows no block"),
    ("```python pytest-run", "needs a file"),
    ("```bash bash-run headers=ETag", "belong behind `http-run`"),
])
def test_a_block_that_says_no_way_or_a_wrong_one_is_refused(fence: str, said: str) -> None:
    with pytest.raises(sheet.SheetError) as caught:
        sheet.parse(f"# T\n\n{fence}\nx\n```\n", Path("cheatsheets/x.md"))
    assert str(caught.value).startswith("cheatsheets/x.md:3: ")
    assert said in str(caught.value)


def test_an_output_must_stand_directly_below_its_block() -> None:
    with pytest.raises(sheet.SheetError, match="follows no block"):
        sheet.parse("```bash bash-run\nls\n```\nwords\n```text output\nx\n```\n", Path("x.md"))


def test_directives_are_no_blocks() -> None:
    assert sheet.parse("```{course-quiz} git/x\n```\n", Path("x.md")) == ()


def test_outputs_are_put_in_place_and_nothing_else_changes() -> None:
    text = "```bash bash-run\nls\n```\n```text output\nold\nolder\n```\nwords\n```bash bash-run\nls\n```\n"
    assert sheet.with_outputs(text, {1: "new\n", 9: "not shown\n"}) == text.replace("old\nolder", "new")


def test_a_heading_within_a_block_is_none() -> None:
    text = "## One\n```bash bash-run\n## a comment\n```\n## Two\nwords\n"
    assert list(sheet.sections(text)) == ["One", "Two"]


# --- judging

@pytest.mark.parametrize(("ran", "fails", "output", "said"), [
    (run.Ran("a\n"), "", "a", ""),
    (run.Ran("a  \n\n"), "", "a", ""),
    (run.Ran("b\n"), "", "a", "not the one of the run"),
    (run.Ran("", "1"), "", None, "failed with 1, and should succeed"),
    (run.Ran("a"), "1", None, "succeeded, and should fail with 1"),
    (run.Ran("a", "2"), "1", None, "failed with 2, and should fail with 1"),
    (run.Ran("a", "1"), "1", "a", ""),
])
def test_a_run_is_judged_by_how_it_ends_and_by_what_it_prints(ran: run.Ran, fails: str, output: str | None,
                                                              said: str) -> None:
    assert said in run.fault(block("x", fails=fails, output=output), ran)
    assert bool(said) == bool(run.fault(block("x", fails=fails, output=output), ran))


# --- running

def test_bash_is_strict_and_goes_on_where_the_block_before_it_ended() -> None:
    bash = Bash(NO_FILES, "Part")
    try:
        assert bash.run(block("mkdir shelf && cd shelf && pwd")) == run.Ran("~/shelf\n")
        assert bash.run(block("pwd")) == run.Ran("~/shelf\n")
        assert bash.run(block("false\necho further")).failed == "1"
        assert bash.run(block("false | true")).failed == "1"
        assert "unbound variable" in bash.run(block("echo $NOBODY_SET_THIS")).text
    finally:
        bash.close()
    assert not bash.place.exists()


def test_a_block_that_does_not_end_is_killed_with_all_it_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "LIMIT", 1.0)
    bash = Bash(NO_FILES, "Part")
    try:
        ran = bash.run(block("sleep 600 & echo begun; wait"))
    finally:
        bash.close()
    assert ran.failed == "124"
    assert ran.text == "begun\n\n(not ended after 1 seconds)\n"


def test_a_section_may_have_commands_of_psql(tmp_path: Path) -> None:
    (tmp_path / "which_rows.psql").write_text("\\t on\n")
    sql = Sql(tmp_path, "Which rows")
    try:
        assert sql.run(block("SELECT 1 AS one;", "sql-run")).text == "   1\n\n"
    finally:
        sql.close()


def test_sql_is_run_by_psql_and_fails_with_its_sqlstate() -> None:
    sql = Sql(NO_FILES, "Part")
    try:
        assert sql.run(block("CREATE TABLE books (id int PRIMARY KEY);", "sql-run")) == run.Ran("")
        assert sql.run(block("INSERT INTO books VALUES (1);\nTABLE books;", "sql-run")).text == " id \n----\n  1\n\n"
        ran = sql.run(block("INSERT INTO books VALUES (1);\nSELECT 'not reached';", "sql-run"))
        assert ran.failed == "23505"
        assert ran.text.startswith("ERROR:  duplicate key value")
        assert "not reached" not in ran.text
        assert "LOCATION" not in ran.text
    finally:
        sql.close()


def test_python_keeps_its_names_and_fails_with_the_class_of_the_exception() -> None:
    python = Python(NO_FILES, "Part")
    try:
        assert python.run(block("x = 6", "py-run")) == run.Ran("")
        assert python.run(block("print(x * 7)", "py-run")) == run.Ran("42\n")
        assert python.run(block("int('x')", "py-run")).failed == "ValueError"
        assert python.run(block("raise SystemExit(3)", "py-run")).failed == "SystemExit"
        assert python.run(block("import os; os.system('echo past the stream')", "py-run")) == run.Ran("")
        assert python.run(block("import http.server", "py-run")) == run.Ran("")  # not our own http.py
        assert python.run(block("import os; os._exit(0)", "py-run")).failed == "exit"
    finally:
        python.close()


def test_a_test_file_is_run_and_another_file_is_there_for_it() -> None:
    tests = Pytest(NO_FILES, "Part")
    try:
        assert tests.run(block("def fee(days):\n    return days * 20", "pytest-run=fees.py")) == run.Ran("")
        good = "from fees import fee\n\ndef test_fee():\n    assert fee(3) == 60"
        assert tests.run(block(good, "pytest-run=test_fees.py")) == run.Ran(".\n1 passed\n")
        bad = tests.run(block(good.replace("60", "61"), "pytest-run=test_fees.py"))
        assert bad.failed == "1"
        assert "test_fees.py:4: assert 60 == 61" in bad.text
    finally:
        tests.close()


def test_requests_are_sent_to_shelf_and_printed_as_far_as_they_matter(tmp_path: Path) -> None:
    (tmp_path / "setup.sql").write_text("INSERT INTO book (title, author, copies, version) VALUES ('Emma', 'A', 1, 1)")
    (tmp_path / "part.env").write_text("SHELF_REQUESTS_PER_MINUTE=4\n")
    shelf = Http(tmp_path, "Part")
    try:
        two = shelf.run(block("GET /v1/books/1\n###\nGET /v1/books/2", "http-run headers=ETag", fails="404"))
        assert two.failed == "404"
        assert two.text.startswith('HTTP/1.1 200 OK\nETag: "1"\n\n{"id": 1, "title": "Emma", "author": "A", "copies":')
        assert '\n\nHTTP/1.1 404 Not Found\n\n{"type": "about:blank",\n "title": "Not Found",\n' in two.text
        sent = shelf.run(block('POST /v1/books\nContent-Type: application/json\n\n{"title": ""}', "http-run no-body",
                               fails="401"))
        assert sent == run.Ran("HTTP/1.1 401 Unauthorized\n", "401")
        assert shelf.run(block("GET /titles\n###\nGET /titles", "http-run headers=Retry-After no-body")).text == (
            "HTTP/1.1 200 OK\n\nHTTP/1.1 429 Too Many Requests\nRetry-After: 15\n")
    finally:
        shelf.close()
    (tmp_path / "part.env").write_text("SHELF_DATABASE_URL=elsewhere\n")
    with pytest.raises(run.SetupFailed, match="no setting that a sheet can change"):
        Http(tmp_path, "Part")


def test_each_section_is_prepared_by_its_scripts(tmp_path: Path) -> None:
    (tmp_path / "setup.sh").write_text("echo all > who\n")
    (tmp_path / "put_aside_and_find.sh").write_text("echo this >> who\n")
    for section, want in (("Put aside, and find", "all\nthis\n"), ("Another", "all\n")):
        bash = Bash(tmp_path, section)
        assert bash.run(block("cat who")).text == want
        bash.close()
    (tmp_path / "setup.sh").write_text("false\n")
    with pytest.raises(run.SetupFailed, match=r"setup\.sh failed with exit status 1"):
        Bash(tmp_path, "Another")


def test_yaml_is_held_against_its_schema() -> None:
    assert validate("test:\n  script: [pytest]\n", "gitlab-ci") == ""
    assert "scripts" in validate("test:\n  scripts: [pytest]\n  script: 7\n", "gitlab-ci")
    assert validate("test:\n  script: !reference [other, script]\n", "gitlab-ci") == ""
    assert validate("on: push\njobs: {a: {runs-on: x, steps: [{run: 'true'}]}}\n", "github-workflow") == ""
    assert "services" in validate("services:\n  web: {image: 7}\n", "compose")
    with pytest.raises(ValueError, match="no schema `nothing`"):
        validate("a: 1", "nothing")


def test_objects_of_kubernetes_are_held_against_their_schemas() -> None:
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: shelf}\nspec: {ports: [{port: 80, %s: 8000}]}\n"
    assert validate(service % "targetPort" + "---\n" + service % "targetPort", "kubernetes") == ""
    assert "'targetport' was unexpected" in validate(service % "targetPort" + "---\n" + service % "targetport",
                                                     "kubernetes")
    assert "kind Pod with api version v2" in validate("apiVersion: v2\nkind: Pod\n", "kubernetes")
    assert "needs `apiVersion` and `kind`" in validate("services: {}\n", "kubernetes")


@pytest.mark.parametrize("name", ["compose", "kubernetes"])
def test_what_is_no_yaml_is_told(name: str) -> None:
    assert validate("services: [\n", name).startswith("the file is no YAML: while parsing a flow node")


def test_a_pipeline_is_held_against_the_schema_and_run(tmp_path: Path) -> None:
    (tmp_path / "setup.sh").write_text("git init -q -b main ~/shelf && cd ~/shelf && git remote add origin "
                                       "git@gitlab.example:a/b.git && git -c user.name=a -c user.email=a@b "
                                       "commit -q --allow-empty -m one\n")
    gitlab = Gitlab(tmp_path, "Part")
    try:
        two = "make:\n  script: [echo made > it]\n  artifacts: {paths: [it]}\nuse:\n  needs: [make]\n  script: [cat it]"
        assert gitlab.run(block(two, "gitlab-run")) == run.Ran("use  > made\n PASS  make\n PASS  use\n")
        assert gitlab.run(block("make: {scripts: [ls]}", "gitlab-run")).failed == "invalid"
        assert gitlab.run(block("make: {script: [exit 3]}", "gitlab-run", fails="1")).failed == "1"
    finally:
        gitlab.close()


def test_the_stand_in_for_rsync_copies_what_is_asked_for(tmp_path: Path) -> None:
    source, target = tmp_path / "from", tmp_path / "to"
    for name in ("a", "skip", "deep/b", "deep/skip", ".git/lfs/c"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(name)
    (tmp_path / "not").write_text("/skip\n")
    without = ["--delete", f"--exclude-from={tmp_path / 'not'}", "--exclude", ".git/lfs"]
    rsync.copy(rsync.read(["-a", *without, f"{source}/.", str(target)]))
    assert sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()) == [
        "a", "deep/b", "deep/skip"]
    (target / "old").write_text("")
    (tmp_path / "only").write_text("a\n\ndeep\n")
    rsync.copy(rsync.read(["-a", f"--files-from={tmp_path / 'only'}", str(source), str(target / "some")]))
    assert sorted(path.name for path in (target / "some").rglob("*") if path.is_file()) == ["a", "b", "skip"]
    assert (target / "old").exists()
    rsync.copy(rsync.read(["-a", "--delete", str(source), str(target)]))
    assert not (target / "old").exists()


def test_dockerfiles_are_linted() -> None:
    assert lint('FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "-m", "shelf"]\n') == ""
    assert "DL3000" in lint("FROM python:3.13-slim\nWORKDIR app\n")


# --- collecting

def test_what_is_untrue_on_a_page_fails_with_file_and_line(tmp_path: Path) -> None:
    said = collected(tmp_path, "# T\n\n## One\n\n```bash bash-run\necho a\n```\n```text output\nb\n```\n\n"
                               "```bash bash-run\nexit 3\n```\n\n## Two\n\n"
                               "```bash bash-run expect-fail=3\nexit 3\n```\n")
    assert "small.md:5: the output on the page is not the one of the run" in said
    assert "small.md:12: the block failed with 3, and should succeed" in said
    assert "there is no section `## Check yourself`" in said
    assert "3 failed, 1 passed" in said


def test_a_sheet_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    assert "small.md:3: the block says no way to prove it" in collected(tmp_path, "# T\n\n```bash\nls\n```\n")


SOUND = """# T

## One

| a | b |
|---|---|
| 1 | 2 |

## Three mistakes everybody makes

1. **First.** Why.
2. **Second.** Why.
3. **Third.** Why.

## Check yourself

""" + "".join(f"```{{course-quiz}} t/q{number}\n```\n" for number in range(5)) + """
## Solve it

```{course-exercise} t/e
```
"""


@pytest.mark.parametrize(("old", "new", "said"), [
    ("", "", ""),
    ("## Solve it", "## Solved", "no section `## Solve it`"),
    ("```{course-quiz} t/q4\n```\n", "", "asks 4 questions"),
    ("```{course-exercise} t/e\n```\n", "", "places no exercise"),
    ("3. **Third.** Why.\n", "", "a list of three"),
    ("|---|---|\n", "", "no table"),
    ("| 1 | 2 |\n", "| 1 | 2 |\n\n" + "words " * 50 + "\n", "are two lines"),
    ("| 1 | 2 |\n", "| 1 | 2 |\n\n```bash bash-run\n" + "x" * 79 + "\n```\n", "line 10 has 79 characters"),
])
def test_what_a_sheet_lacks_is_named(old: str, new: str, said: str) -> None:
    text = SOUND.replace(old, new) if old else SOUND
    found = list(anatomy.faults(text, sheet.parse(text, Path("x.md"))))
    assert bool(found) == bool(said)
    assert said in "".join(found[:1])
