"""What is said, and how it is written so that it cannot become anything else."""

import errno
import io

import pytest
from markdown_it import MarkdownIt
from rich.console import Console

from course.check.results import FURTHER, WORDS, CheckResult, of_checks
from course.lesson import faults, output, results
from course.terminal import show

HOSTILE = "a*b*_c_ `d` <b>e</b> [f](g) # h & \\i"


def test_jupyter_and_terminal_use_the_same_words():
    printed = "".join(f"line {number}\n" for number in range(20))
    checks = [CheckResult(status, f"it is {status}", status=status, output=printed) for status in WORDS]
    outcome = of_checks("lesson/mine", tuple(checks))
    terminal = Console(width=100, file=io.StringIO())
    terminal.print(show.result(outcome, None))
    said = [line.strip() for line in terminal.file.getvalue().splitlines()]
    told = [line.strip() for line in results.checked(outcome)["text/plain"].splitlines()]
    for words in (*(f"{WORDS[status]:7}  it is {status}" for status in WORDS), "line 19", "1 of 4 checks pass."):
        assert words in said
        assert words in told
    assert said.count("line 8") == told.count("line 8") == 1
    assert "line 7" not in (*said, *told)


@pytest.mark.parametrize("text", ["plain", "```", "a\n````\nb", "~~~\n```python\n"])
def test_a_block_ends_where_its_text_ends(text):
    [fence] = MarkdownIt().parse(output.code(text, "python") + "\n")
    assert (fence.type, fence.content) == ("fence", text.rstrip() + "\n")


@pytest.mark.parametrize("piece", [output.note(HOSTILE), output.quiet(HOSTILE), output.literal(HOSTILE)])
def test_text_stays_text_in_each_form(piece):
    rendered = MarkdownIt().render(piece["text/markdown"]).replace("<strong>", "").replace("</strong>", "")
    assert "a*b*_c_ `d` &lt;b&gt;e&lt;/b&gt; [f](g) # h &amp; \\i" in rendered
    code = "`d`" if "<pre" in piece["text/html"] else "<code>d</code>"
    assert f"a*b*_c_ {code} &lt;b&gt;e&lt;/b&gt; [f](g) # h &amp; \\i" in piece["text/html"]
    assert piece["text/plain"] == HOSTILE


def test_long_output_is_shown_from_its_end():
    told = results.checked(of_checks("a/b", (CheckResult("c", "it <i>", status="error", message="<b>",
                                                         output="\n".join(map(str, range(20)))),)))
    assert "your code printed (8 lines before these):\n           8\n" in told["text/plain"]
    assert "<pre" in told["text/html"]
    assert ">8\n9\n" in told["text/html"]
    assert "BROKE" in told["text/html"]
    assert "it &lt;i&gt;" in told["text/html"]
    assert "&lt;b&gt;" in told["text/html"]


@pytest.mark.parametrize(("error", "told"), [
    (OSError(errno.ENOSPC, "No space left on device", "work/progress.json"),
     "No space left on device (work/progress.json): free some space, then try again."),
    (PermissionError(errno.EROFS, "Read-only file system", "work"),
     "Read-only file system (work): make it writable, then try again."),
    (OSError(errno.EIO, "Input/output error"), "Input/output error: repair that, then try again."),
    (OSError("another process holds it; end it"), "Another process holds it; end it."),
    (faults.ServiceError("PostgreSQL did not start; look at:\nline\nline"), "PostgreSQL did not start; look at."),
    (faults.ChecksError("checks.py: NameError: x"),
     "The checks of this exercise are broken, which is not your fault. checks.py: NameError: x."),
])
def test_each_fault_is_one_sentence(error, told):
    assert faults.sentence(error) == told


def test_only_the_first_problem_is_told_and_of_another_when_it_will_be():
    checks = [CheckResult("adds", "it adds", status="fail", message="told"),
              CheckResult("subtracts", "it subtracts", status="fail", message="kept"),
              CheckResult("divides", "it divides", status="skip"), CheckResult("returns", "it returns")]
    outcome = of_checks("lesson/mine", tuple(checks))
    terminal = Console(width=100, file=io.StringIO())
    terminal.print(show.result(outcome, None))
    for text in (terminal.file.getvalue(), *results.checked(outcome).values()):
        assert text.count(FURTHER) == 1
        assert text.index("told") < text.index("it subtracts") < text.index(FURTHER) < text.index("it divides")
        assert "kept" not in text
