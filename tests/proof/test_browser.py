"""The proof itself, on small notebooks: what is true passes, each kind of difference is told with its cell."""

import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
import synthetic_book
from nbclient import NotebookClient

from course.proof import browser_cells, browser_page
from course.proof.browser_page import BootError, Site
from course.site import scripts
from course.site.build import build

pytestmark = pytest.mark.browser

BLOCKED_URL = "http://192.0.2.1/collect"  # RFC 5737: an address for documentation, which answers nobody

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><desc>y</desc></svg>'
SAME = {
    "prints": "print('one')\nprint('two', end='')",
    "value": "import sys\ncounts = [3, 1, 2]\nmax(counts)",
    "hidden-value": "max(counts);",
    "hidden-value-comment": "max(counts);  # not shown",
    "no-value": "None",
    "address": "class Shelf: pass\nShelf()",
    "plain-object": "object()",
    "both-streams": "print('err', file=sys.stderr)\nprint('out')\nprint('err 2', file=sys.stderr)",
    "svg": ("class Picture:\n"
            "    def __repr__(self): return 'a picture'\n"
            f"    def _repr_svg_(self): return '{SVG}'\n"
            "Picture()"),
    "bundle": ("class Both(Picture):\n"
               "    def _repr_mimebundle_(self, include=None, exclude=None):\n"
               "        return {'text/html': '<b>x</b>'}, {'text/html': {'isolated': True}}\n"
               "Both()"),
    "warning": "import warnings\nwarnings.warn('old', DeprecationWarning)",
    "top-level-await": ("import asyncio\n"
                        "async def fetch(number):\n    await asyncio.sleep(0)\n    return number * 2\n"
                        "await asyncio.gather(*(fetch(number) for number in range(3)))"),
    "async-with": "async with asyncio.timeout(5):\n    print('in time')",
    "run-in-a-loop": "coroutine = fetch(1)\ntry:\n    asyncio.run(coroutine)\nexcept RuntimeError as error:\n"
                     "    coroutine.close()\n    print(error)",
    "endpoints": ("from typing import Annotated\nimport httpx\nfrom fastapi import Depends, FastAPI\napp = FastAPI()\n"
                  "def reader() -> str: return 'ada'\n"
                  "@app.get('/async')\n"
                  "async def one(name: Annotated[str, Depends(reader)]) -> dict[str, str]: return {'async': name}\n"
                  "@app.get('/def')\n"
                  "def two(name: Annotated[str, Depends(reader)]) -> dict[str, str]: return {'def': name}\n"
                  "transport = httpx.ASGITransport(app)\n"
                  "async with httpx.AsyncClient(transport=transport, base_url='http://shelf') as client:\n"
                  "    for path in ('/async', '/def', '/none'):\n"
                  "        answer = await client.get(path)\n"
                  "        print(answer.status_code, answer.json())"),
    "validation": ("from pydantic import BaseModel\nclass Book(BaseModel):\n    title: str\n    copies: int\n"
                   "Book(title='x', copies='many')"),
    "model": "Book(title='x', copies=3)",
    "orm": ("import sqlalchemy as sa\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column\n"
            "class Base(DeclarativeBase): pass\n"
            "class Copy(Base):\n    __tablename__ = 'copy'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
            "engine = sa.create_engine('sqlite://')\nBase.metadata.create_all(engine)\n"
            "with Session(engine) as session:\n    session.add(Copy())\n    session.commit()\n"
            "    print(session.scalars(sa.select(Copy.id)).all())"),
    "syntax-error": "def (",
    "name-error": "missing_name",
    "annotations": "from __future__ import annotations",
    "annotations-hold": "def lend(to: Reader): pass\nlend.__annotations__",
    "own-module": "from true_files import shelf\nshelf.NAME",
    "own-file": "print(open('true_files/events.txt', encoding='utf-8').read())",
    "needs-kernel": "import threading\nthread = threading.Thread(target=print)\nthread.start()\nthread.join()",
}
RAISES = {"validation", "syntax-error", "name-error"}


def cell(name: str, source: str, outputs: Any = (), tags: Any = ()) -> Any:
    made = nbformat.v4.new_code_cell(source, outputs=list(outputs), id=name, execution_count=1)
    if tags:
        made.metadata["tags"] = list(tags)
    return made


def notebook(*cells: Any) -> Any:
    about = {"minutes": 5, "needs": [], "objectives": ["Explain what a page shows"]}
    title = nbformat.v4.new_markdown_cell("# A lesson\n\nYou will be able to run it.\n\n## Cells", id="title")
    return nbformat.v4.new_notebook(cells=[title, *cells], metadata={
        "course": about, "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})


def text(*lines: str, name: str = "stdout") -> Any:
    return nbformat.v4.new_output("stream", name=name, text="".join(f"{line}\n" for line in lines))


def value(**data: str) -> Any:
    return nbformat.v4.new_output("execute_result", {key.replace("_", "/"): item for key, item in data.items()})


def error(name: str) -> Any:
    return nbformat.v4.new_output("error", ename=name, evalue="", traceback=[f"{name}: why"])


WRONG = {
    "stdout": (cell("stdout", "print('real')", [text("stored")]), ["stdout differs", "-stored", "+real"]),
    "silent": (cell("silent", "x = 1", [text("stored")]), ["stdout differs", "-stored"]),
    "unstored": (cell("unstored", "print('real')"), ["stdout differs", "+real"]),
    "newline": (cell("newline", "print('real', end='')", [text("real")]), ["+real (no newline at the end)"]),
    "order": (cell("order", "print('b')\nprint('a')", [text("a", "b")]), ["stdout differs"]),
    "stream": (cell("stream", "print('real')", [text("real", name="stderr")]), ["stdout differs", "stderr differs"]),
    "late-line": (cell("late-line", "for n in range(200_000): print(n)",
                       [text(*map(str, range(199_999)), "other")]),
                  ["--- stored\tline 199999", "-other", "+199999"]),
    "value": (cell("value", "2", [value(text_plain="3")]), ["text/plain differs", "-3", "+2"]),
    "html": (cell("html", "class H:\n    def __repr__(self): return 'h'\n    def _repr_html_(self): return '<i>1</i>'\n"
                  "H()", [value(text_plain="h", text_html="<i>2</i>")]), ["text/html differs", "-<i>2</i>"]),
    "no-value": (cell("no-value", "2;", [value(text_plain="2")]), ["stores 1 displays, the page shows 0"]),
    "raised": (cell("raised", "def f():\n    1 / 0\nf()"),
               ["stores no error, the page raises ZeroDivisionError", 'line 3, in <module>\n        f()', "in f"]),
    "not-raised": (cell("not-raised", "1;", [error("ValueError")], ["raises-exception"]),
                   ["is tagged raises-exception but raises nothing in the page"]),
    "other-class": (cell("other-class", "int('x')", [error("TypeError")], ["raises-exception"]),
                    ["stores TypeError, the page raises ValueError"]),
    "exit": (cell("exit", "import sys\nsys.exit(3)"), ["the page raises SystemExit"]),
    "blocked": (cell("blocked", "from pyodide.http import pyfetch\ntry:\n"
                     f"    await pyfetch('{BLOCKED_URL}')\nexcept OSError:\n    pass"),
                ["asked for http://192.0.2.1", "no request to another host"]),
    "ignored-output": (cell("ignored-output", "missing_name", tags=["nbval-ignore-output"]),
                       ["stores no error, the page raises NameError"]),
}


RIGHT = (
    cell("same-class", "int('x')", [error("ValueError")], ["raises-exception"]),
    cell("exit", "import sys\nsys.exit(3)", [error("SystemExit")], ["raises-exception"]),
    cell("interrupt", "raise KeyboardInterrupt", [error("KeyboardInterrupt")], ["raises-exception"]),
    cell("broken-text", "class E(Exception):\n    def __str__(self): 1 / 0\nraise E", [error("E")],
         ["raises-exception"]),
    cell("many-lines", "for number in range(200_000):\n    print('line', number)",
         [text(*(f"line {number}" for number in range(200_000)))]),
    cell("still-alive", "print('still here')", [text("still here")]),
    cell("ignored-output", "print('real')", [text("stored")], ["nbval-ignore-output"]),
    cell("newer-python", "print('new')", [text("new")], ["needs-python>=3.14"]),
)
LEFT_OUT = (
    cell("future-python", "print('real')", [text("stored")], ["needs-python>=3.99"]),
    cell("kernel", "print('real')", [text("stored")], ["needs-kernel"]),
    cell("left-out", "print('real')", [text("stored")], ["nbval-skip"]),
)



PLACES = cell("places", "from course.lesson import quiz\nquiz('template_lesson/what_is_printed')")
FINE = cell("fine", "print('next')", [text("next")])
OTHERS = {
    "endless": (cell("endless", "while True: pass"), cell("after", "1;")),
    "asks": (cell("asks", "name = input('name? ')"), cell("after", "1;")),
    "ends": (cell("ends", "import os\nos._exit(1)"), cell("after", "1;")),
    "fine": (FINE, cell("picture", SAME["svg"], [value(text_plain="a picture", **{"image/svg+xml": SVG})])),
    "two": (cell("right", "print(1)", [text("1")]), cell("wrong", "print(1)")),
}


def executed(folder: Path) -> Any:
    """The notebook of what is true, as a kernel fills it."""
    files = folder / "true_files"
    files.mkdir(parents=True)
    (files / "shelf.py").write_text("NAME = 'Shelf'\n", encoding="utf-8")
    (files / "events.txt").write_text("gr\u00f6\u00dfer\n", encoding="utf-8")
    tags = {"needs-kernel": ["needs-kernel"]} | {name: ["raises-exception"] for name in RAISES}
    made = notebook(*(cell(name, source, tags=tags.get(name)) for name, source in SAME.items()))
    with warnings.catch_warnings():
        warnings.simplefilter("default")  # the kernel's client warns of its own ways
        NotebookClient(made, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    return made


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with all notebooks of these tests, not built yet."""
    folder, root = tmp_path_factory.mktemp("proof"), synthetic_book.ROOT
    made = {name: notebook(*cells) for name, cells in OTHERS.items()} | {
        "wrong": notebook(*(made for made, _ in WRONG.values())), "right": notebook(*RIGHT, *LEFT_OUT),
        "true": executed(folder / "tiers" / "a")}
    pages = {f"tiers/a/{name}.ipynb": nbformat.writes(one) for name, one in made.items()}
    shutil.copytree(scripts.bundle(root), folder / scripts.BUNDLES)
    shutil.copy(root / "package-lock.json", folder)
    synthetic_book.small(folder, pages)
    shutil.copy(root / "book" / "exceptions.yml", folder / "book")
    return folder.resolve()


@pytest.fixture(scope="module")
def built(book: Path, runtime: Path) -> Path:
    return build(book, runtime=runtime)


@pytest.fixture(scope="module")
def site(book: Path, built: Path) -> Iterator[Site]:
    with browser_page.serve(book, built) as served:
        yield served


def prove(browser_process: Any, site: Site, name: str, **options: Any) -> list[browser_cells.Verdict]:
    return browser_cells.prove(browser_process, site.root / "tiers" / "a" / f"{name}.ipynb", site, **options)


def test_what_ipython_stores_is_what_the_page_shows(browser_process, site):
    verdicts = prove(browser_process, site, "true")
    assert [verdict.problem for verdict in verdicts if verdict.problem] == []
    states = {verdict.cell_id: verdict.state for verdict in verdicts}
    assert states == dict.fromkeys(SAME, "same") | {"needs-kernel": "skipped"}


def test_each_difference_is_told_with_its_cell(browser_process, site):
    verdicts = prove(browser_process, site, "wrong")
    for number, (verdict, (name, (_, said))) in enumerate(zip(verdicts, WRONG.items(), strict=True), start=1):
        assert verdict.state == "differs", name
        assert f"wrong.ipynb, cell {number} ({name}):" in verdict.problem
        assert [part for part in said if part not in verdict.problem] == [], verdict.problem
        assert "What to do: repair the cell" in verdict.problem
        assert len(verdict.problem.splitlines()) < 40


def test_errors_end_their_cell_only_and_tags_are_heeded(browser_process, site):
    verdicts = prove(browser_process, site, "right")
    assert [verdict.problem for verdict in verdicts if verdict.problem] == []
    assert [verdict.state for verdict in verdicts] == ["same"] * len(RIGHT) + ["skipped"] * len(LEFT_OUT)


@pytest.mark.parametrize(("name", "said"), [
    ("endless", "still runs after 1 s"), ("asks", "waits for a line that a reader types"),
    ("ends", "ended Python in the page"),
])
def test_after_a_cell_that_does_not_come_back_the_others_are_not_run(browser_process, site, name, said):
    first, second = prove(browser_process, site, name, timeout=1)
    assert first.state == "differs"
    assert f"cell 1 ({name}):\n  {said}" in first.problem
    assert (second.state, second.problem) == ("not run", "  Python ended in an earlier cell")
    assert [verdict.state for verdict in prove(browser_process, site, "fine")] == ["same", "same"]


def changed(built: Path, folder: Path, pattern: str, change: Any) -> Path:
    """A copy of the site with one file changed, which the pattern names."""
    copy = shutil.copytree(built, folder / "html")
    [path] = copy.glob(pattern)
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    return copy


@pytest.mark.parametrize(("rule", "said"), [
    (".cell_output { display: none }", ["the page hides its output stream stdout"]),
    (".cell_output img { display: none }", ["shows an empty picture"]),
])
def test_what_is_said_but_not_shown_is_told(browser_process, book, built, tmp_path, rule, said):
    copy = changed(built, tmp_path, "_static/lesson.css", lambda css: css + rule.replace("none", "none !important"))
    with browser_page.serve(book, copy) as site:
        problems = "\n".join(verdict.problem for verdict in prove(browser_process, site, "fine"))
    assert [part for part in said if part not in problems] == []


def test_a_request_that_the_policy_misses_is_seen(browser_process, book, built, tmp_path):
    loose = changed(built, tmp_path, "tiers/a/wrong.html",
                    lambda page: re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page))
    with browser_page.serve(book, loose) as site:
        verdicts = {verdict.cell_id: verdict for verdict in prove(browser_process, site, "wrong")}
    assert f"asked for {BLOCKED_URL}: a cell makes no request" in verdicts["blocked"].problem


def test_a_cell_that_the_page_lacks_is_told(browser_process, site):
    path = site.root / "tiers" / "a" / "fine.ipynb"
    before = path.read_text(encoding="utf-8")
    path.write_text(nbformat.writes(notebook(FINE, PLACES, cell("new", "1;"))), encoding="utf-8")
    try:
        first, second = browser_cells.prove(browser_process, path, site)
    finally:
        path.write_text(before, encoding="utf-8")
    assert first.state == "same"
    assert "cell 3 (new):\n  has no Run button in the built page" in second.problem


def test_a_site_without_python_says_so(browser_process, book, built, tmp_path):
    copy = shutil.copytree(built, tmp_path / "html")
    for archive in (copy / "runtime").glob("core.*.bin"):
        archive.unlink()
    said = r"Python did not start in http.*fine\.html"
    with browser_page.serve(book, copy) as site, pytest.raises(BootError, match=said):
        prove(browser_process, site, "fine")
    shutil.rmtree(copy / "runtime")
    with pytest.raises(BootError, match="has no Python for its pages"), browser_page.serve(book, copy):
        pytest.fail("there is nothing to serve")


def test_the_command_prints_a_line_for_each_cell(book, built):
    command = [sys.executable, "-m", "course.proof.browser", "two", "--site", str(built)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=book)
    assert (done.returncode, done.stderr) == (1, "")
    assert re.search(r"^two.ipynb cell 1 \(right\): same, [0-9.]+ s$", done.stdout, re.MULTILINE)
    assert re.search(r"^two.ipynb cell 2 \(wrong\): differs$", done.stdout, re.MULTILINE)
