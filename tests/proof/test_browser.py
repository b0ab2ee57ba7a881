"""The proof itself, on small notebooks: what is true passes, each kind of difference is told with its cell."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from course.proof import browser
from course.proof.browser_session import BootError, open_worker

pytestmark = pytest.mark.browser

BLOCKED_URL = "http://192.0.2.1/collect"  # RFC 5737: an address for documentation, which answers nobody

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
            "    def _repr_svg_(self): return '<svg xmlns=\"http://www.w3.org/2000/svg\"><title>x</title></svg>'\n"
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
    "flag": "import os\nos.environ['COURSE_PROOF']",
    "own-module": "from true_files import shelf\nshelf.NAME",
    "own-file": "print(open('true_files/events.txt', encoding='utf-8').read())",
    "needs-kernel": "import threading\nthread = threading.Thread(target=print)\nthread.start()\nthread.join()",
}
RAISES = {"validation", "syntax-error", "name-error"}


def cell(name: str, source: str, outputs: Any = (), tags: Any = ()) -> Any:
    made = nbformat.v4.new_code_cell(source, outputs=list(outputs), id=name)
    if tags:
        made.metadata["tags"] = list(tags)
    return made


def write(path: Path, *cells: Any) -> Path:
    nbformat.write(nbformat.v4.new_notebook(cells=list(cells)), path)
    return path


def text(*lines: str, name: str = "stdout") -> Any:
    return nbformat.v4.new_output("stream", name=name, text="".join(f"{line}\n" for line in lines))


def value(**data: str) -> Any:
    return nbformat.v4.new_output("execute_result", {key.replace("_", "/"): item for key, item in data.items()})


def error(name: str) -> Any:
    return nbformat.v4.new_output("error", ename=name, evalue="", traceback=[])


@pytest.mark.filterwarnings("default")  # the kernel's client warns of its own ways
def test_what_ipython_stores_is_what_the_page_shows(browser_process, runtime, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROOF", "1")
    files = tmp_path / "true_files"
    files.mkdir()
    (files / "shelf.py").write_text("NAME = 'Shelf'\n", encoding="utf-8")
    (files / "events.txt").write_text("größer\n", encoding="utf-8")
    tags = {"needs-kernel": ["needs-kernel"]} | {name: ["raises-exception"] for name in RAISES}
    book = nbformat.v4.new_notebook(cells=[cell(name, source, tags=tags.get(name)) for name, source in SAME.items()])
    NotebookClient(book, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    nbformat.write(book, tmp_path / "true.ipynb")
    verdicts = browser.prove(browser_process, tmp_path / "true.ipynb", runtime=runtime)
    assert [verdict.problem for verdict in verdicts if verdict.problem] == []
    states = {verdict.cell_id: verdict.state for verdict in verdicts}
    assert states == dict.fromkeys(SAME, "same") | {"needs-kernel": "skipped"}


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
    "input": (cell("input", "input('name? ')"), ["the page raises RuntimeError", "input() cannot wait for you here"]),
    "blocked": (cell("blocked", "from pyodide.http import pyfetch\ntry:\n"
                     f"    await pyfetch('{BLOCKED_URL}')\nexcept OSError:\n    pass"),
                ["asked for http://192.0.2.1", "no request to another host"]),
    "ignored-output": (cell("ignored-output", "missing_name", tags=["nbval-ignore-output"]),
                       ["stores no error, the page raises NameError"]),
}


def test_each_difference_is_told_with_its_cell(browser_process, runtime, tmp_path):
    path = write(tmp_path / "wrong.ipynb", *(made for made, _ in WRONG.values()))
    verdicts = browser.prove(browser_process, path, runtime=runtime)
    for number, (verdict, (name, (_, said))) in enumerate(zip(verdicts, WRONG.items(), strict=True), start=1):
        assert verdict.state == "differs", name
        assert f"{path}, cell {number} ({name}):" in verdict.problem
        assert [part for part in said if part not in verdict.problem] == [], verdict.problem
        assert "What to do: repair the cell" in verdict.problem
        assert len(verdict.problem.splitlines()) < 40


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


def test_errors_end_their_cell_only_and_tags_are_heeded(browser_process, runtime, tmp_path):
    path = write(tmp_path / "right.ipynb", *RIGHT, *LEFT_OUT)
    verdicts = browser.prove(browser_process, path, runtime=runtime)
    assert [verdict.problem for verdict in verdicts if verdict.problem] == []
    assert [verdict.state for verdict in verdicts] == ["same"] * len(RIGHT) + ["skipped"] * len(LEFT_OUT)


def test_an_endless_cell_is_ended_and_the_browser_survives(browser_process, runtime, tmp_path):
    path = write(tmp_path / "endless.ipynb", cell("endless", "while True: pass"), cell("after", "1;"))
    first, second = browser.prove(browser_process, path, runtime=runtime, timeout=1)
    assert first.state == "differs"
    assert "cell 1 (endless):\n  still runs after 1 s" in first.problem
    assert (second.state, second.problem) == ("not run", "  the worker ended in an earlier cell")
    path = write(tmp_path / "next.ipynb", cell("fine", "print('next')", [text("next")]))
    assert [verdict.state for verdict in browser.prove(browser_process, path, runtime=runtime)] == ["same"]


def test_a_cell_that_ends_python_is_told(browser_process, runtime, tmp_path):
    path = write(tmp_path / "ends.ipynb", cell("ends", "import os\nos._exit(1)"), cell("after", "1;"))
    first, second = browser.prove(browser_process, path, runtime=runtime)
    assert "cell 1 (ends):\n  ended Python in the page" in first.problem
    assert second.state == "not run"


def test_a_request_that_the_policy_misses_is_seen(browser_process, runtime):
    with open_worker(browser_process, runtime, policy="") as worker:
        source = ("import asyncio\nfrom pyodide.http import pyfetch\n"
                  f"asking = asyncio.ensure_future(pyfetch('{BLOCKED_URL}'))\nawait asyncio.sleep(0.2)")
        worker.run(source, "cell", 10)
        assert worker.other_hosts == [BLOCKED_URL]


def test_a_runtime_that_does_not_start_says_so(browser_process, tmp_path):
    with pytest.raises(BootError, match="did not start in the page"), open_worker(browser_process, tmp_path):
        pytest.fail("there is nothing to start")


def test_the_command_prints_a_line_for_each_cell(tmp_path):
    path = write(tmp_path / "two.ipynb", cell("right", "print(1)", [text("1")]), cell("wrong", "print(1)"))
    done = subprocess.run([sys.executable, "-m", "course.proof.browser", str(path)], capture_output=True, text=True,
                          check=False, cwd=Path(__file__).parent)
    assert (done.returncode, done.stderr) == (1, "")
    assert re.search(r"^two.ipynb cell 1 \(right\): same, [0-9.]+ s$", done.stdout, re.MULTILINE)
    assert re.search(r"^two.ipynb cell 2 \(wrong\): differs$", done.stdout, re.MULTILINE)
